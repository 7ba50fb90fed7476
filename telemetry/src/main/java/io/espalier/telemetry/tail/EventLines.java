package io.espalier.telemetry.tail;

import static io.espalier.telemetry.tail.EventTexts.format;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.HostEvent.RecordsSkipped;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.HostEvent.StreamFlowing;
import io.espalier.telemetry.event.HostEvent.StreamOpened;
import io.espalier.telemetry.event.HostEvent.StreamWaiting;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.HostEvent.TrainerRestarted;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Events as single lines for people: time (UTC), source, name of the event, what it says. */
public final class EventLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final EventTexts TEXTS = new EventTexts();

  static {
    run();
    training();
    masks();
    host();
    FederationTexts.addTo(TEXTS);
  }

  private EventLines() {}

  /** The envelope as one line, without its line break. */
  public static String line(Envelope envelope) {
    Event event = envelope.event();
    String name = event.getClass().getSimpleName();
    String line =
        String.format(
            Locale.ROOT,
            "%s %-10s %-19s %s",
            TIME.format(envelope.time()),
            event.origin().orElse("run"),
            name,
            TEXTS.of(event));
    return line.replaceAll("\\p{Cntrl}+", " ").stripTrailing();
  }

  private static void run() {
    TEXTS.add(
        RunStarted.class,
        e ->
            format(
                "%s · attempt %d · %d trainers · %d steps · %d prunable units to sparsity %.2f%%%s",
                e.recipeName(),
                e.attempt(),
                e.trainers(),
                e.totalSteps(),
                e.prunable(),
                100 * e.finalSparsity(),
                tagged(e.tags())));
    TEXTS.add(
        RunResumed.class, e -> format("attempt %d · from step %d", e.attempt(), e.fromStep()));
    TEXTS.add(RunStopped.class, e -> format("at step %d · %s", e.step(), e.reason()));
    TEXTS.add(RunFailed.class, e -> format("at step %d · %s", e.step(), e.reason()));
    TEXTS.add(
        RunFinished.class,
        e ->
            format(
                "%d steps · accuracy %.2f%% · loss %.4f · %d units kept · %.1f s",
                e.steps(), 100 * e.accuracy(), e.loss(), e.kept(), e.wallSeconds()));
    TEXTS.add(
        RunState.class,
        e ->
            format(
                "%s · step %d/%d · sparsity %.2f%%%s%s",
                e.state(),
                e.step(),
                e.totalSteps(),
                100 * e.sparsity(),
                e.accuracy().isPresent()
                    ? format(" · accuracy %.2f%%", 100 * e.accuracy().getAsDouble())
                    : "",
                tagged(e.tags())));
    TEXTS.add(
        Provenance.class,
        e ->
            format(
                "espalier %s · java %s · %s · %d processors · seed %d · data %s",
                e.version(), e.javaVersion(), e.os(), e.processors(), e.seed(), e.dataName()));
    TEXTS.add(ParametersDescribed.class, e -> format("%d parameters", e.parameters().size()));
  }

  private static void training() {
    TEXTS.add(
        StepsMeasured.class,
        e ->
            format(
                "steps %d–%d · loss %.4f · accuracy %.2f%% · learning rate %.3g · %.0f samples/s",
                e.firstStep(),
                e.firstStep() + e.losses().size() - 1,
                mean(e.losses()),
                100 * mean(e.accuracies()),
                e.learningRate(),
                e.samplesPerSecond()));
    TEXTS.add(
        SyncCompleted.class,
        e ->
            format(
                "step %d · mask version %d · %d B up · %d B down · waited %.3f s for trainer-%d",
                e.step(),
                e.maskVersion(),
                e.bytesUp(),
                e.bytesDown(),
                e.waitSeconds(),
                e.slowestTrainer()));
    TEXTS.add(
        EvaluationCompleted.class,
        e ->
            format(
                "step %d · %s (%s) · accuracy %.2f%% · loss %.4f · %d examples",
                e.step(), e.set(), e.phase(), 100 * e.accuracy(), e.loss(), e.examples()));
  }

  private static void masks() {
    TEXTS.add(
        MasksUpdated.class,
        e ->
            format(
                "step %d · mask version %d · %s %.2f%% of %.2f%% · %d units kept · %.3f s",
                e.step(),
                e.maskVersion(),
                e.budgetShare().isPresent() ? e.budget().orElse("") + " pruned" : "sparsity",
                100 * e.actual(),
                100 * e.targetSparsity(),
                e.kept(),
                e.updateSeconds()));
    TEXTS.add(
        ChannelsCut.class,
        e ->
            format(
                "step %d · mask version %d · %d to %d channels · %d to %d MACs, %.1f%% of dense · %d to %d parameters · %.3f s",
                e.step(),
                e.maskVersion(),
                e.groups().stream().mapToInt(GroupWidth::before).sum(),
                e.groups().stream().mapToInt(GroupWidth::after).sum(),
                e.before().macs(),
                e.after().macs(),
                100.0 * e.after().macs() / e.dense().macs(),
                e.before().parameters(),
                e.after().parameters(),
                e.seconds()));
    TEXTS.add(
        ParameterMaskState.class,
        e ->
            format(
                "%s · mask version %d · %d of %d units kept · %d pruned · %d regrown",
                e.name(), e.maskVersion(), e.kept(), e.units(), e.pruned(), e.regrown()));
    TEXTS.add(
        MaskPicture.class,
        e ->
            format(
                "%s · mask version %d · %s, %d × %d cells, up to %.2f%% kept",
                e.name(), e.maskVersion(), e.view(), e.rows(), e.columns(), 100 * e.full()));
  }

  private static void host() {
    TEXTS.add(
        CheckpointWritten.class,
        e -> format("step %d · %s · %d B", e.step(), e.directory(), e.bytes()));
    TEXTS.add(CheckpointFailed.class, e -> format("step %d · %s", e.step(), e.cause()));
    TEXTS.add(
        EventsLost.class, e -> format("%d events · %s · %s", e.count(), e.byTopic(), e.cause()));
    TEXTS.add(
        StreamOpened.class,
        e ->
            format(
                "topic %s · partitions %s · from offsets %s",
                e.topic(), listed(e.partitions()), listed(e.offsets())));
    TEXTS.add(
        StreamWaiting.class,
        e ->
            format(
                "topic %s · partition %d · for %.0f s · %s",
                e.topic(), e.partition(), e.seconds(), e.cause()));
    TEXTS.add(StreamFlowing.class, e -> format("topic %s · after %.0f s", e.topic(), e.seconds()));
    TEXTS.add(
        RecordsSkipped.class,
        e ->
            format(
                "topic %s · %d records · newest: partition %d, offset %d: %s",
                e.topic(), e.count(), e.partition(), e.offset(), e.reason()));
    TEXTS.add(
        TrainerFailed.class,
        e -> format("trainer-%d · life %d · %s", e.trainer(), e.incarnation(), e.cause()));
    TEXTS.add(
        TrainerRestarted.class,
        e -> format("trainer-%d · life %d · from step %d", e.trainer(), e.incarnation(), e.step()));
    TEXTS.add(AlertRaised.class, e -> format("%s · at step %d · %s", e.kind(), e.step(), e.text()));
    TEXTS.add(
        AlertCleared.class, e -> format("%s · at step %d · %s", e.kind(), e.step(), e.text()));
    TEXTS.add(
        ResourcesMeasured.class,
        e ->
            format(
                "cpu %.0f%% · heap %d MB · native %d MB · resident %d MB · %d threads · %d messages wait · %d B unshipped%s",
                100 * e.processCpu(),
                e.heapBytes() >> 20,
                e.nativeBytes() >> 20,
                e.residentBytes() >> 20,
                e.threads(),
                e.mailboxDepth(),
                e.unshippedBytes(),
                e.diskFreeBytes().isPresent()
                    ? format(" · %d MB of disk free", e.diskFreeBytes().getAsLong() >> 20)
                    : ""));
  }

  private static String tagged(List<String> tags) {
    return tags.isEmpty() ? "" : " · tags " + String.join(", ", tags);
  }

  private static String listed(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
