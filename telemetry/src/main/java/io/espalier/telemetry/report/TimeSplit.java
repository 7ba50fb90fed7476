package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the time of each trainer went, in seconds. */
final class TimeSplit {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RunHistory history;

  private record Total(double compute, double transfer, double idle, double apply, double test) {
    static Total of(StepsMeasured steps) {
      SyncTimes sync = steps.sync().orElse(new SyncTimes(0, 0, 0, 0, 0));
      return new Total(
          steps.computeSeconds(),
          sync.uploadSeconds() + sync.downloadSeconds(),
          sync.waitSeconds(),
          sync.applySeconds(),
          sync.evaluateSeconds());
    }

    Total plus(Total other) {
      return new Total(
          compute + other.compute,
          transfer + other.transfer,
          idle + other.idle,
          apply + other.apply,
          test + other.test);
    }
  }

  TimeSplit(RunHistory history) {
    this.history = history;
  }

  /**
   * One object per trainer: {@code {trainer, compute, transfer, wait, average, prune, apply,
   * evaluate}}; {@code wait} is what trainers wait for each other. Empty where the events tell only
   * about steps.
   */
  ArrayNode json() {
    ArrayNode trainers = JSON.arrayNode();
    if (history.all(StepsMeasured.class).noneMatch(steps -> steps.sync().isPresent())) {
      return trainers;
    }
    SortedMap<Integer, Total> totals = new TreeMap<>();
    history
        .all(StepsMeasured.class)
        .forEach(steps -> totals.merge(steps.trainer(), Total.of(steps), Total::plus));
    totals.forEach((trainer, total) -> trainers.add(split(total).put("trainer", trainer)));
    return trainers;
  }

  private ObjectNode split(Total total) {
    double average =
        history.all(SyncCompleted.class).mapToDouble(SyncCompleted::commitSeconds).sum();
    double prune = history.all(MasksUpdated.class).mapToDouble(MasksUpdated::updateSeconds).sum();
    return JSON.objectNode()
        .put("compute", total.compute())
        .put("transfer", total.transfer())
        .put("wait", Math.max(0, total.idle() - average - prune))
        .put("average", average)
        .put("prune", prune)
        .put("apply", total.apply())
        .put("evaluate", total.test() + finalSeconds());
  }

  /** The last evaluation is followed by no steps that could tell about it. */
  private double finalSeconds() {
    return history
        .all(EvaluationCompleted.class)
        .filter(evaluation -> evaluation.phase().equals(EvaluationCompleted.FINAL))
        .mapToDouble(EvaluationCompleted::seconds)
        .sum();
  }
}
