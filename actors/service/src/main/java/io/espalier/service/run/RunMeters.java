package io.espalier.service.run;

import io.espalier.configs.recipe.FlatSettings;
import io.espalier.service.run.RunAttempt.Reached;
import io.espalier.service.run.RunLauncher.Measured;
import io.espalier.service.run.RunLauncher.Progress;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The figures of each run whose attempt is on this node, and of those that ended there lately. They
 * are read at each scrape, so a run that is forgotten leaves no series. Thread-safe.
 */
public final class RunMeters implements MultiCollector {
  private static final int LONGEST_LABEL = 80;

  private final AttemptRegistry attempts;
  private final LongSupplier nanoTime;

  public RunMeters(AttemptRegistry attempts) {
    this(attempts, System::nanoTime);
  }

  RunMeters(AttemptRegistry attempts, LongSupplier nanoTime) {
    this.attempts = attempts;
    this.nanoTime = nanoTime;
  }

  /** One gauge with the value of each run that has it. */
  private record Figure(String name, String help, Function<Reached, OptionalDouble> value) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure(
              "espalier_run_active",
              "1 while an attempt at the run is here, 0 once the run has ended",
              reached -> OptionalDouble.of(reached.active() ? 1 : 0)),
          new Figure(
              "espalier_run_step",
              "Completed steps, or rounds of a federation",
              reached -> reached.step().isPresent() ? number(reached.step().getAsLong()) : none()),
          new Figure(
              "espalier_run_planned_steps",
              "Steps of the whole run, or rounds of a federation",
              reached ->
                  reached.totalSteps().isPresent()
                      ? number(reached.totalSteps().getAsLong())
                      : none()),
          new Figure(
              "espalier_run_steps_per_second",
              "Steps per second over the last minute, evaluations and syncs included",
              Reached::stepsPerSecond),
          measured(
              "espalier_run_loss",
              "Mean training loss of the steps before the newest sync, or of the newest round",
              Measured::loss),
          measured(
              "espalier_run_evaluation_loss",
              "Loss of the newest evaluation",
              Measured::evaluationLoss),
          progress(
              "espalier_run_accuracy",
              "Accuracy of the newest evaluation, 0 to 1",
              now -> now.bitsPerCharacter().isPresent() ? none() : now.accuracy()),
          progress(
              "espalier_run_bits_per_character",
              "Bits per character of the newest evaluation, where a text is learned",
              Progress::bitsPerCharacter),
          progress(
              "espalier_run_sparsity",
              "Pruned share of the prunable weights, 0 to 1",
              now -> OptionalDouble.of(now.sparsity())),
          measured(
              "espalier_run_mask_updates",
              "Updates of the masks so far",
              now -> number(now.maskVersion())));

  private static Figure progress(
      String name, String help, Function<Progress, OptionalDouble> value) {
    return new Figure(
        name, help, reached -> reached.progress().map(value).orElseGet(RunMeters::none));
  }

  private static Figure measured(
      String name, String help, Function<Measured, OptionalDouble> value) {
    return progress(name, help, now -> value.apply(now.measured()));
  }

  private static OptionalDouble none() {
    return OptionalDouble.empty();
  }

  private static OptionalDouble number(long value) {
    return OptionalDouble.of((double) value);
  }

  @Override
  public MetricSnapshots collect() {
    long nowNs = nanoTime.getAsLong();
    List<Reached> runs = attempts.shown(nowNs).stream().map(each -> each.reached(nowNs)).toList();
    return runs.isEmpty()
        ? MetricSnapshots.of()
        : new MetricSnapshots(
            Stream.of(
                    Stream.of(info(runs)),
                    FIGURES.stream().map(figure -> gauge(figure, runs)),
                    Stream.of(alerts(runs)))
                .flatMap(each -> each)
                .filter(each -> !each.getDataPoints().isEmpty())
                .toList());
  }

  private static MetricSnapshot info(List<Reached> runs) {
    InfoSnapshot.Builder info =
        InfoSnapshot.builder().name("espalier_run").help("Settings of a run as labels");
    for (Reached each : runs) {
      Map<String, String> settings = FlatSettings.of(each.spec().recipe());
      Function<String, String> setting =
          key -> settings.getOrDefault(key, settings.getOrDefault(key + ".kind", ""));
      info.dataPoint(
          InfoDataPointSnapshot.builder()
              .labels(
                  labels(each)
                      .add("kind", each.spec().kind().name().toLowerCase(Locale.ROOT))
                      .add("data", shortened(setting.apply("data")))
                      .add("model", shortened(setting.apply("model")))
                      .add("score", shortened(setting.apply("prune.score")))
                      .add("target", shortened(setting.apply("prune.sparsity")))
                      .add("seed", shortened(setting.apply("seed"))))
              .build());
    }
    return info.build();
  }

  private static MetricSnapshot gauge(Figure figure, List<Reached> runs) {
    List<GaugeDataPointSnapshot> points = new ArrayList<>();
    for (Reached each : runs) {
      figure
          .value()
          .apply(each)
          .ifPresent(value -> points.add(new GaugeDataPointSnapshot(value, labels(each), null)));
    }
    return gauge(figure.name(), figure.help(), points);
  }

  private static MetricSnapshot alerts(List<Reached> runs) {
    List<GaugeDataPointSnapshot> points = new ArrayList<>();
    for (Reached each : runs) {
      each.progress()
          .map(now -> now.measured().alerts())
          .orElse(List.of())
          .forEach(
              kind ->
                  points.add(
                      new GaugeDataPointSnapshot(
                          1, labels(each).add("alert", shortened(kind)), null)));
    }
    return gauge("espalier_run_alert", "1 for each alert of the run that is open", points);
  }

  private static MetricSnapshot gauge(
      String name, String help, List<GaugeDataPointSnapshot> points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    points.forEach(gauge::dataPoint);
    return gauge.build();
  }

  private static Labels labels(Reached run) {
    return Labels.of("run", run.run(), "name", shortened(run.spec().name()));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_LABEL ? text : text.substring(0, LONGEST_LABEL) + "…";
  }
}
