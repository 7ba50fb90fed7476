package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The series behind a report's charts. */
final class Charts {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RunHistory history;
  private final Rounds rounds;

  Charts(RunHistory history, Rounds rounds) {
    this.history = history;
    this.rounds = rounds;
  }

  ObjectNode json() {
    ObjectNode charts = JSON.objectNode();
    charts.set("trainLoss", perStep(StepsMeasured::losses));
    charts.set("trainAccuracy", perStep(StepsMeasured::accuracies));
    Predicate<EvaluationCompleted> ends = e -> e.phase().equals(EvaluationCompleted.FINAL);
    Predicate<EvaluationCompleted> heldOut = e -> e.set().equals(EvaluationCompleted.HOLD_OUT);
    Predicate<EvaluationCompleted> validation =
        heldOut.and(ends.negate()).or(e -> e.set().equals(EvaluationCompleted.VALIDATION));
    Predicate<EvaluationCompleted> before =
        e -> e.phase().equals(EvaluationCompleted.BEFORE_UPDATE);
    Predicate<EvaluationCompleted> test =
        heldOut.and(ends).or(e -> e.set().equals(EvaluationCompleted.TEST));
    evaluations(charts, "validation", validation.and(before.negate()));
    evaluations(charts, "beforeUpdate", validation.and(before));
    evaluations(charts, "test", test);
    charts.set("targetSparsity", values(MasksUpdated.class, MasksUpdated::targetSparsity));
    charts.set("sparsity", values(MasksUpdated.class, MasksUpdated::sparsity));
    charts.set("pruned", values(MasksUpdated.class, update -> sum(update, ParameterMasks::pruned)));
    charts.set(
        "regrown", values(MasksUpdated.class, update -> sum(update, ParameterMasks::regrown)));
    charts.set("learningRate", learningRate());
    charts.set("waitSeconds", values(SyncCompleted.class, SyncCompleted::waitSeconds));
    charts.set("bytes", values(SyncCompleted.class, sync -> sync.bytesUp() + sync.bytesDown()));
    charts.set("bytesDense", values(SyncCompleted.class, SyncCompleted::bytesDense));
    charts.set("density", density());
    if (rounds.expected()) {
      federated(charts);
    }
    return charts;
  }

  /** Steps are rounds here, and their losses those of the clients. */
  private void federated(ObjectNode charts) {
    charts.set("trainLoss", rounds.series(round -> round.loss().orElse(Double.NaN)));
    charts.set("learningRate", rounds.learningRate());
    charts.set("pruned", rounds.series(RoundCompleted::pruned));
    charts.set("regrown", rounds.series(RoundCompleted::regrown));
    charts.set("bytes", rounds.series(round -> round.bytesUp() + round.bytesDown()));
    charts.set("bytesDense", rounds.series(RoundCompleted::bytesDense));
  }

  private void evaluations(ObjectNode charts, String name, Predicate<EvaluationCompleted> which) {
    charts.set(name + "Loss", evaluated(which, EvaluationCompleted::loss));
    charts.set(name + "Accuracy", evaluated(which, EvaluationCompleted::accuracy));
  }

  private ArrayNode evaluated(
      Predicate<EvaluationCompleted> which, ToDoubleFunction<EvaluationCompleted> value) {
    SortedMap<Long, Double> values = new TreeMap<>();
    history
        .all(EvaluationCompleted.class)
        .filter(which)
        .forEach(e -> values.put(e.step(), value.applyAsDouble(e)));
    return Series.of(values).json();
  }

  private <E extends Event> ArrayNode values(Class<E> type, ToDoubleFunction<E> value) {
    SortedMap<Long, Double> values = new TreeMap<>();
    history.all(type).forEach(e -> values.put(stepOf(e), value.applyAsDouble(e)));
    return Series.of(values).json();
  }

  private static double sum(MasksUpdated update, ToLongFunction<ParameterMasks> units) {
    return update.parameters().stream().mapToLong(units).sum();
  }

  private static long stepOf(Event event) {
    return event instanceof SyncCompleted sync ? sync.step() : ((MasksUpdated) event).step();
  }

  /** Mean over trainers of what each of them measured in a step. */
  private ArrayNode perStep(Function<StepsMeasured, List<Double>> values) {
    SortedMap<Long, Mean> means = new TreeMap<>();
    history
        .all(StepsMeasured.class)
        .forEach(
            steps -> {
              long step = steps.firstStep();
              for (double value : values.apply(steps)) {
                means.merge(step++, new Mean(value, 1), Mean::plus);
              }
            });
    SortedMap<Long, Double> points = new TreeMap<>();
    means.forEach((step, mean) -> points.put(step, mean.sum() / mean.count()));
    return Series.of(points).json();
  }

  private record Mean(double sum, int count) {
    Mean plus(Mean other) {
      return new Mean(sum + other.sum, count + other.count);
    }
  }

  private ArrayNode learningRate() {
    SortedMap<Long, Double> values = new TreeMap<>();
    history
        .all(StepsMeasured.class)
        .forEach(s -> values.put(s.firstStep() + s.losses().size() - 1, s.learningRate()));
    return Series.of(values).json();
  }

  /** {@code {names, steps, densities: [per step [per parameter]]}}, one column per mask update. */
  private ObjectNode density() {
    SortedMap<Long, MasksUpdated> updates = new TreeMap<>();
    history.all(MasksUpdated.class).forEach(update -> updates.put(update.step(), update));
    ObjectNode map = JSON.objectNode();
    ArrayNode names = map.putArray("names");
    ArrayNode steps = map.putArray("steps");
    ArrayNode densities = map.putArray("densities");
    updates.values().stream()
        .limit(1)
        .flatMap(update -> update.parameters().stream())
        .forEach(parameter -> names.add(parameter.name()));
    for (MasksUpdated update : updates.values()) {
      steps.add(update.step());
      ArrayNode column = densities.addArray();
      for (ParameterMasks parameter : update.parameters()) {
        column.add(parameter.kept() / (double) Math.max(1, parameter.units()));
      }
    }
    return map;
  }
}
