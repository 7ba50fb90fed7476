package io.espalier.telemetry.event;

import io.espalier.configs.Metric;
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

  private static <E extends Event> void add(
      Class<E> type, String format, Function<E, List<?>> values) {
    add("", type, format, values);
  }

  private static <E extends Event> void add(
      String lead, Class<E> type, String format, Function<E, List<?>> values) {
    add(lead, type, event -> format(format, values.apply(event).toArray()));
  }

  private static void run() {
    add(
        RunEvent.RunStarted.class,
        "%s · attempt %d · %d trainers · %d steps · %d prunable units to sparsity %.2f%%%s",
        e ->
            List.of(
                e.recipeName(),
                e.attempt(),
                e.trainers(),
                e.totalSteps(),
                e.prunable(),
                100 * e.finalSparsity(),
                tags(e.tags())));
    add("from step %d", RunEvent.RunResumed.class, e -> "attempt " + e.attempt());
    add("from step %d", RunEvent.ExecutionSwitched.class, e -> e.execution() + " execution");
    add(
        "at step %d",
        RunEvent.RunStopped.class,
        e -> e.stateAfter() + (e.reason().equals(e.stateAfter()) ? "" : " · " + e.reason()));
    add("at step %d", RunEvent.RunFailed.class, RunEvent.RunFailed::reason);
    add(
        "%d steps",
        RunEvent.RunFinished.class,
        "%s · loss %.4f · %d units kept · %.1f s%s",
        e ->
            List.of(
                Metric.text(e.accuracy(), e.bitsPerCharacter()),
                e.loss(),
                e.kept(),
                e.wallSeconds(),
                e.endedEarly().map(why -> " · ended early: " + why).orElse("")));
    add(
        RunEvent.RunState.class,
        "%s · step %d/%d · sparsity %.2f%%%s%s",
        e ->
            List.of(
                e.state(),
                e.step(),
                e.totalSteps(),
                100 * e.sparsity(),
                e.accuracy().isPresent()
                    ? " · " + Metric.text(e.accuracy().getAsDouble(), e.bitsPerCharacter())
                    : "",
                tags(e.tags())));
    add(
        RunEvent.Provenance.class,
        "espalier %s · java %s · %s · %d processors · seed %d · data %s",
        e -> List.of(e.version(), e.javaVersion(), e.os(), e.processors(), e.seed(), e.dataName()));
    add(RunEvent.ParametersDescribed.class, e -> e.parameters().size() + " parameters");
  }

  private static void training() {
    add(
        TrainingEvent.StepsMeasured.class,
        "steps %d–%d · loss %.4f · %.2f%% right · learning rate %.3g · %.0f samples/s",
        e ->
            List.of(
                e.firstStep(),
                e.lastStep(),
                mean(e.losses()),
                100 * mean(e.accuracies()),
                e.learningRate(),
                e.samplesPerSecond()));
    add(
        "step %d",
        TrainingEvent.SyncCompleted.class,
        "mask version %d · %d B up · %d B down · waited %.3f s for trainer-%d",
        e ->
            List.of(
                e.maskVersion(), e.bytesUp(), e.bytesDown(), e.waitSeconds(), e.slowestTrainer()));
    add(
        "step %d",
        TrainingEvent.EvaluationCompleted.class,
        "%s (%s) · %s · loss %.4f · %d examples",
        e ->
            List.of(
                e.set(),
                e.phase(),
                Metric.text(e.accuracy(), e.bitsPerCharacter()),
                e.loss(),
                e.examples()));
  }

  private static void masks() {
    add(
        "step %d",
        MaskEvent.MasksUpdated.class,
        "mask version %d · %s %.2f%% of %.2f%% · %d units kept%s · %.3f s",
        e ->
            List.of(
                e.maskVersion(),
                e.budgetShare().isPresent() ? e.budget().orElse("") + " pruned" : "sparsity",
                100 * e.actual(),
                100 * e.targetSparsity(),
                e.kept(),
                e.refit()
                    .map(
                        refit ->
                            format(" · refit: %d of %d layers", refit.changed(), refit.layers()))
                    .orElse(""),
                e.updateSeconds()));
    add(
        "step %d",
        MaskEvent.ChannelsCut.class,
        "%d → %d channels, MACs −%.0f %% to %.1f %% of dense · %d → %d parameters · mask version %d · %.3f s",
        e ->
            List.of(
                e.groups().stream().mapToInt(MaskEvent.GroupWidth::before).sum(),
                e.groups().stream().mapToInt(MaskEvent.GroupWidth::after).sum(),
                100 - 100.0 * e.after().macs() / e.before().macs(),
                100.0 * e.after().macs() / e.dense().macs(),
                e.before().parameters(),
                e.after().parameters(),
                e.maskVersion(),
                e.seconds()));
    add(
        MaskEvent.ParameterMaskState.class,
        "%s · mask version %d · %d of %d units kept · %d pruned · %d regrown",
        e -> List.of(e.name(), e.maskVersion(), e.kept(), e.units(), e.pruned(), e.regrown()));
    add(
        MaskEvent.MaskPicture.class,
        "%s · mask version %d · %s, %d × %d cells, up to %.2f%% kept",
        e -> List.of(e.name(), e.maskVersion(), e.view(), e.rows(), e.columns(), 100 * e.full()));
  }

  private static void host() {
    add(
        "step %d",
        HostEvent.CheckpointWritten.class, "%s · %d B", e -> List.of(e.directory(), e.bytes()));
    add("step %d", HostEvent.CheckpointFailed.class, HostEvent.CheckpointFailed::cause);
    add(
        HostEvent.EventsLost.class,
        "%d events · %s · %s",
        e -> List.of(e.count(), e.byTopic(), e.cause()));
    add(
        "after step %d",
        HostEvent.TrainerFailed.class,
        "trainer-%d · life %d · %s",
        e -> List.of(e.trainer(), e.incarnation(), e.cause()));
    add(
        "from step %d",
        HostEvent.TrainerRestarted.class,
        "trainer-%d · life %d",
        e -> List.of(e.trainer(), e.incarnation()));
    add("at step %d", HostEvent.AlertRaised.class, e -> e.kind() + " · " + e.text());
    add("at step %d", HostEvent.AlertCleared.class, e -> e.kind() + " · " + e.text());
    add(
        HostEvent.ResourcesMeasured.class,
        "cpu %.0f%% · heap %d MB · native %d MB · resident %d MB · %d threads · %d messages wait · %d B unshipped%s",
        e ->
            List.of(
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
        HostEvent.StreamOpened.class,
        "topic %s · partitions %s · from offsets %s",
        e -> List.of(e.topic(), joined(e.partitions()), joined(e.offsets())));
    add(
        HostEvent.StreamWaiting.class,
        "topic %s · partition %d · for %.0f s · %s",
        e -> List.of(e.topic(), e.partition(), e.seconds(), e.cause()));
    add(
        HostEvent.StreamFlowing.class,
        "topic %s · after %.0f s",
        e -> List.of(e.topic(), e.seconds()));
    add(
        HostEvent.RecordsSkipped.class,
        "topic %s · %d records · newest: partition %d, offset %d: %s",
        e -> List.of(e.topic(), e.count(), e.partition(), e.offset(), e.reason()));
  }

  private static void rounds() {
    add(
        FederationEvent.FederationDescribed.class,
        "%s · %d rounds · cohort %d × %.2f, quorum %d · %d local epochs · %s",
        e ->
            List.of(
                e.algorithm(),
                e.rounds(),
                e.cohort(),
                e.overCommit(),
                e.quorum(),
                e.localEpochs(),
                e.encoding()));
    add(
        FederationEvent.CandidateChosen.class,
        "candidate %d, of 0 to %d%s",
        e ->
            List.of(
                e.candidate(),
                e.candidates() - 1,
                e.candidate() < e.losses().size()
                    ? format(" · loss %.4f", e.losses().get(e.candidate()))
                    : ""));
    add(
        FederationEvent.RoundStarted.class,
        "round %s · %s · %d of %d clients invited for %d reports · mask version %d",
        e -> List.of(e.round(), e.kind(), e.invited(), e.connected(), e.wanted(), e.maskVersion()));
    add(FederationEvent.RoundCompleted.class, EventTexts::completed);
    add(
        FederationEvent.RoundRejected.class,
        "round %s · not adopted: held-out loss %.4f, %.4f before it, at most %.4f",
        e -> List.of(e.round(), e.loss(), e.lossBefore(), e.largest()));
    add(
        FederationEvent.TierEvaluated.class,
        "round %s · density %.2f%%%s · %d clients · %s · loss %.4f",
        e ->
            List.of(
                e.round(),
                100 * e.density(),
                present(" · %.0f%% of the channels", e.width(), 100),
                e.clients(),
                Metric.text(e.accuracy(), e.bitsPerCharacter()),
                e.loss()));
  }

  private static String completed(FederationEvent.RoundCompleted e) {
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
        FederationEvent.ClientJoined.class,
        "%s · up to %.2f%% density%s · %d examples · %s",
        e ->
            List.of(
                e.client(),
                100 * e.densityCap(),
                present(" · %.0f%% of the channels", e.width(), 100),
                e.examples(),
                e.software()));
    add(FederationEvent.ClientLeft.class, e -> e.client() + " · " + e.cause());
    add(
        FederationEvent.ClientReported.class,
        "%s · round %s · %d examples%s · norm %.3g · %s · %.1f s",
        e ->
            List.of(
                e.client(),
                e.round(),
                e.examples(),
                present(" · loss %.4f", e.loss(), 1),
                e.updateNorm(),
                bytes(e.bytes()),
                e.seconds()));
    add(
        FederationEvent.ClientLate.class,
        "%s · round %s · %s",
        e -> List.of(e.client(), e.round(), e.cause()));
    add(
        FederationEvent.UpdateRefused.class,
        "%s%s · %s · %s",
        e ->
            List.of(
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
