package io.espalier.telemetry.view.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.view.document.Json;
import io.espalier.telemetry.view.series.Points;
import io.espalier.telemetry.view.series.SeriesSet;
import java.util.Optional;

/** The facts about a run as a whole: its row in a list, and the part {@code run}. */
final class RunFacts {
  /** The most numbers of a row's small chart. */
  static final int MOST_SPARKS = 40;

  private final RunId id;
  private final Life life;
  private final Training training;
  private final Masks masks;
  private final Machine machine;
  private final SeriesSet series;

  RunFacts(RunId id, Life life, Training training, Masks masks, Machine machine, SeriesSet series) {
    this.id = id;
    this.life = life;
    this.training = training;
    this.masks = masks;
    this.machine = machine;
    this.series = series;
  }

  ObjectNode row(boolean silent) {
    ObjectNode row = common(silent);
    ArrayNode spark = row.putArray("spark");
    Points losses = series.of("trainLoss");
    int count = Math.min(MOST_SPARKS, losses.size());
    for (int i = 0; i < count; i++) {
      double value = losses.value((int) ((i + 1L) * losses.size() / count) - 1);
      if (Double.isFinite(value)) {
        spark.add(value);
      }
    }
    return row;
  }

  ObjectNode run(boolean silent) {
    ObjectNode run = common(silent);
    life.started().ifPresent(started -> described(run, started));
    masks
        .newest()
        .ifPresent(
            update ->
                run.put("kept", update.event().kept())
                    .put("maskVersion", update.event().maskVersion())
                    .put("maskStep", update.event().step())
                    .put("maskTime", update.time().toEpochMilli()));
    Json.putFinite(run, "learningRate", series.of("learningRate").lastValue());
    life.end().ifPresent(end -> run.put("ended", end.time().toEpochMilli()));
    run.put("attempts", life.attempt());
    run.putArray("traffic").add(training.sent()).add(training.dense());
    run.put("heldOut", life.isStream());
    life.provenance().ifPresent(from -> run.put("seed", from.seed()).put("data", from.dataName()));
    life.result()
        .ifPresent(
            result -> run.put("wallSeconds", result.wallSeconds()).put("kept", result.kept()));
    Points validation = series.of("validationAccuracy");
    if (!validation.isEmpty()) {
      ObjectNode newest = run.putObject("validation").put("step", validation.lastStep());
      Json.putFinite(newest, "accuracy", validation.lastValue());
      Json.putFinite(newest, "loss", series.of("validationLoss").lastValue());
    }
    return run;
  }

  private static void described(ObjectNode run, RunStarted started) {
    run.put("stepsPerEpoch", started.stepsPerEpoch())
        .put("prunable", started.prunable())
        .put("finalKept", started.finalKept());
    Json.putFinite(run, "finalSparsity", started.finalSparsity());
  }

  private ObjectNode common(boolean silent) {
    ObjectNode facts = Json.object();
    facts.put("id", id.value());
    facts.put("name", life.name().orElse(id.value()));
    facts.put("kind", "training");
    facts.put("state", life.stateName());
    life.reason().ifPresent(reason -> facts.put("reason", reason));
    facts.putArray("tags");
    if (life.trainers() > 0) {
      facts.put("trainers", life.trainers());
    }
    facts.put("step", life.step());
    if (life.totalSteps() > 0) {
      facts.put("totalSteps", life.totalSteps());
    }
    sparsity(facts);
    accuracy().ifPresent(accuracy -> Json.putFinite(facts, "accuracy", accuracy));
    Json.putFinite(
        facts,
        "loss",
        life.result().map(RunFinished::loss).orElseGet(() -> series.of("trainLoss").lastValue()));
    if (life.isBegun()) {
      facts.put("begun", life.begun().toEpochMilli());
      facts.put("updated", life.updated().toEpochMilli());
    }
    machine.beat().ifPresent(beat -> facts.put("heartbeat", beat.toEpochMilli()));
    facts.put("attempt", life.attempt());
    ArrayNode alerts = facts.putArray("alerts");
    if (silent) {
      alerts.add("silent");
    }
    return facts;
  }

  private void sparsity(ObjectNode facts) {
    masks
        .newest()
        .ifPresentOrElse(
            update -> {
              Json.putFinite(facts, "sparsity", update.event().sparsity());
              Json.putFinite(facts, "targetSparsity", update.event().targetSparsity());
            },
            () ->
                life.state()
                    .ifPresent(told -> Json.putFinite(facts, "sparsity", told.event().sparsity())));
  }

  /** That of the result, else of the newest evaluation. */
  private Optional<Double> accuracy() {
    Optional<Double> result = life.result().map(RunFinished::accuracy);
    if (result.isPresent()) {
      return result;
    }
    Points validation = series.of("validationAccuracy");
    Points test = series.of("testAccuracy");
    Points newest =
        validation.isEmpty() || (!test.isEmpty() && test.lastStep() >= validation.lastStep())
            ? test
            : validation;
    if (!newest.isEmpty()) {
      return Optional.of(newest.lastValue());
    }
    return life.state()
        .flatMap(
            told ->
                told.event().accuracy().isPresent()
                    ? Optional.of(told.event().accuracy().getAsDouble())
                    : Optional.empty());
  }
}
