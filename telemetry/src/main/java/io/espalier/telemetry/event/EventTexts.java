package io.espalier.telemetry.event;

import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The registry of texts: one entry per type of event. */
final class EventTexts {
  private static final Map<Class<?>, Text> TEXTS = new HashMap<>();

  /**
   * @param lead format of the event's step; empty where the text names none
   */
  private record Text(String lead, Function<Event, String> detail) {}

  static {
    run();
    training();
    masks();
    host();
    stream();
    rounds();
    clients();
  }

  private EventTexts() {}

  static String lead(Event event) {
    Text text = TEXTS.get(event.getClass());
    return text == null || text.lead().isEmpty()
        ? ""
        : format(text.lead(), EventType.stepOf(event).orElseThrow());
  }

  static String detail(Event event) {
    Text text = TEXTS.get(event.getClass());
    return text == null ? event.toString() : text.detail().apply(event);
  }

  private static <E extends Event> void add(Class<E> type, Function<E, String> detail) {
    add("", type, detail);
  }

  private static <E extends Event> void add(
      String lead, Class<E> type, Function<E, String> detail) {
    TEXTS.put(type, new Text(lead, event -> detail.apply(type.cast(event))));
  }

  private static void run() {
    add(
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
                tags(e.tags())));
    add("from step %d", RunResumed.class, e -> "attempt " + e.attempt());
    add("at step %d", RunStopped.class, RunStopped::reason);
    add("at step %d", RunFailed.class, RunFailed::reason);
    add(
        "%d steps",
        RunFinished.class,
        e ->
            format(
                "accuracy %.2f%% · loss %.4f · %d units kept · %.1f s",
                100 * e.accuracy(), e.loss(), e.kept(), e.wallSeconds()));
    add(
        RunState.class,
        e ->
            format(
                "%s · step %d/%d · sparsity %.2f%%%s%s",
                e.state(),
                e.step(),
                e.totalSteps(),
                100 * e.sparsity(),
                present(" · accuracy %.2f%%", e.accuracy(), 100),
                tags(e.tags())));
    add(
        Provenance.class,
        e ->
            format(
                "espalier %s · java %s · %s · %d processors · seed %d · data %s",
                e.version(), e.javaVersion(), e.os(), e.processors(), e.seed(), e.dataName()));
    add(ParametersDescribed.class, e -> e.parameters().size() + " parameters");
  }

  private static void training() {
    add(
        StepsMeasured.class,
        e ->
            format(
                "steps %d–%d · loss %.4f · accuracy %.2f%% · learning rate %.3g · %.0f samples/s",
                e.firstStep(),
                e.lastStep(),
                mean(e.losses()),
                100 * mean(e.accuracies()),
                e.learningRate(),
                e.samplesPerSecond()));
    add(
        "step %d",
        SyncCompleted.class,
        e ->
            format(
                "mask version %d · %d B up · %d B down · waited %.3f s for trainer-%d",
                e.maskVersion(),
                e.bytesUp(),
                e.bytesDown(),
                e.waitSeconds(),
                e.slowestTrainer()));
    add(
        "step %d",
        EvaluationCompleted.class,
        e ->
            format(
                "%s (%s) · accuracy %.2f%% · loss %.4f · %d examples",
                e.set(), e.phase(), 100 * e.accuracy(), e.loss(), e.examples()));
  }

  private static void masks() {
    add(
        "step %d",
        MasksUpdated.class,
        e ->
            format(
                "mask version %d · %s %.2f%% of %.2f%% · %d units kept · %.3f s",
                e.maskVersion(),
                e.budgetShare().isPresent() ? e.budget().orElse("") + " pruned" : "sparsity",
                100 * e.actual(),
                100 * e.targetSparsity(),
                e.kept(),
                e.updateSeconds()));
    add(
        "step %d",
        ChannelsCut.class,
        e ->
            format(
                "mask version %d · %d to %d channels · %d to %d MACs, %.1f%% of dense · %d to %d parameters · %.3f s",
                e.maskVersion(),
                e.groups().stream().mapToInt(GroupWidth::before).sum(),
                e.groups().stream().mapToInt(GroupWidth::after).sum(),
                e.before().macs(),
                e.after().macs(),
                100.0 * e.after().macs() / e.dense().macs(),
                e.before().parameters(),
                e.after().parameters(),
                e.seconds()));
    add(
        ParameterMaskState.class,
        e ->
            format(
                "%s · mask version %d · %d of %d units kept · %d pruned · %d regrown",
                e.name(), e.maskVersion(), e.kept(), e.units(), e.pruned(), e.regrown()));
    add(
        MaskPicture.class,
        e ->
            format(
                "%s · mask version %d · %s, %d × %d cells, up to %.2f%% kept",
                e.name(), e.maskVersion(), e.view(), e.rows(), e.columns(), 100 * e.full()));
  }

  private static void host() {
    add("step %d", CheckpointWritten.class, e -> format("%s · %d B", e.directory(), e.bytes()));
    add("step %d", CheckpointFailed.class, CheckpointFailed::cause);
    add(EventsLost.class, e -> format("%d events · %s · %s", e.count(), e.byTopic(), e.cause()));
    add(
        "after step %d",
        TrainerFailed.class,
        e -> format("trainer-%d · life %d · %s", e.trainer(), e.incarnation(), e.cause()));
    add(
        "from step %d",
        TrainerRestarted.class,
        e -> format("trainer-%d · life %d", e.trainer(), e.incarnation()));
    add("at step %d", AlertRaised.class, e -> e.kind() + " · " + e.text());
    add("at step %d", AlertCleared.class, e -> e.kind() + " · " + e.text());
    add(
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

  private static void stream() {
    add(
        StreamOpened.class,
        e ->
            format(
                "topic %s · partitions %s · from offsets %s",
                e.topic(), joined(e.partitions()), joined(e.offsets())));
    add(
        StreamWaiting.class,
        e ->
            format(
                "topic %s · partition %d · for %.0f s · %s",
                e.topic(), e.partition(), e.seconds(), e.cause()));
    add(StreamFlowing.class, e -> format("topic %s · after %.0f s", e.topic(), e.seconds()));
    add(
        RecordsSkipped.class,
        e ->
            format(
                "topic %s · %d records · newest: partition %d, offset %d: %s",
                e.topic(), e.count(), e.partition(), e.offset(), e.reason()));
  }

  private static void rounds() {
    add(
        FederationDescribed.class,
        e ->
            format(
                "%s · %d rounds · cohort %d × %.2f, quorum %d · %d local epochs · %s",
                e.algorithm(),
                e.rounds(),
                e.cohort(),
                e.overCommit(),
                e.quorum(),
                e.localEpochs(),
                e.encoding()));
    add(
        CandidateChosen.class,
        e ->
            format(
                "candidate %d, of 0 to %d%s",
                e.candidate(),
                e.candidates() - 1,
                e.candidate() < e.losses().size()
                    ? format(" · loss %.4f", e.losses().get(e.candidate()))
                    : ""));
    add(
        RoundStarted.class,
        e ->
            format(
                "round %s · %s · %d of %d clients invited for %d reports · mask version %d",
                e.round(), e.kind(), e.invited(), e.connected(), e.wanted(), e.maskVersion()));
    add(RoundCompleted.class, EventTexts::completed);
    add(
        TierEvaluated.class,
        e ->
            format(
                "round %s · density %.2f%%%s · %d clients · accuracy %.2f%% · loss %.4f",
                e.round(),
                100 * e.density(),
                present(" · %.0f%% of the channels", e.width(), 100),
                e.clients(),
                100 * e.accuracy(),
                e.loss()));
  }

  private static String completed(RoundCompleted e) {
    StringJoiner cohort = new StringJoiner(", ");
    cohort.add(format("%d of %d reported", e.reported(), e.invited()));
    count(e.late(), "late", cohort);
    count(e.lost(), "lost", cohort);
    count(e.refused(), "refused", cohort);
    return format(
        "round %s · %s · %s%s · %s up · %s down%s%s · %.1f s",
        e.round(),
        e.kind(),
        cohort,
        present(" · loss %.4f", e.loss(), 1),
        bytes(e.bytesUp()),
        bytes(e.bytesDown()),
        e.bytesDense() > 0
            ? format(", %.1f%% of dense", 100.0 * (e.bytesUp() + e.bytesDown()) / e.bytesDense())
            : "",
        e.pruned() + e.regrown() > 0
            ? format(" · %d pruned · %d regrown", e.pruned(), e.regrown())
            : "",
        e.seconds());
  }

  private static void count(int clients, String what, StringJoiner parts) {
    if (clients > 0) {
      parts.add(clients + " " + what);
    }
  }

  private static void clients() {
    add(
        ClientJoined.class,
        e ->
            format(
                "%s · up to %.2f%% density%s · %d examples · %s",
                e.client(),
                100 * e.densityCap(),
                present(" · %.0f%% of the channels", e.width(), 100),
                e.examples(),
                e.software()));
    add(ClientLeft.class, e -> e.client() + " · " + e.cause());
    add(
        ClientReported.class,
        e ->
            format(
                "%s · round %s · %d examples%s · norm %.3g · %s · %.1f s",
                e.client(),
                e.round(),
                e.examples(),
                present(" · loss %.4f", e.loss(), 1),
                e.updateNorm(),
                bytes(e.bytes()),
                e.seconds()));
    add(ClientLate.class, e -> format("%s · round %s · %s", e.client(), e.round(), e.cause()));
    add(
        UpdateRefused.class,
        e ->
            format(
                "%s%s · %s · %s",
                e.client().orElse("unknown client"),
                e.round().map(round -> " · round " + round).orElse(""),
                e.reason(),
                e.detail()));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static String present(String format, OptionalDouble value, double factor) {
    return value.isPresent() ? format(format, factor * value.getAsDouble()) : "";
  }

  private static String tags(List<String> tags) {
    return tags.isEmpty() ? "" : " · tags " + String.join(", ", tags);
  }

  private static String joined(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  private static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    return bytes < 1_000_000 ? format("%.1f kB", bytes / 1e3) : format("%.1f MB", bytes / 1e6);
  }
}
