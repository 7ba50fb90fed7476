package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The facts about a run as a whole: its row in a list, and the part {@code run}. */
final class RunFacts {
  /** The most numbers of a row's small chart. */
  static final int MOST_SPARKS = 40;

  private final RunId id;
  private final VoidedSteps voided;
  private final RunLifecycleView lifecycle;
  private final TrainingView training;
  private final MasksView masks;
  private final CutsView cuts;
  private final StepRate stepRate;
  private final ResourcesView resources;
  private final FederationView federation;
  private final Function<String, Optional<Points>> series;

  RunFacts(
      RunId id,
      VoidedSteps voided,
      RunLifecycleView lifecycle,
      TrainingView training,
      MasksView masks,
      CutsView cuts,
      StepRate stepRate,
      ResourcesView resources,
      FederationView federation,
      Function<String, Optional<Points>> series) {
    this.id = id;
    this.voided = voided;
    this.lifecycle = lifecycle;
    this.training = training;
    this.masks = masks;
    this.cuts = cuts;
    this.stepRate = stepRate;
    this.resources = resources;
    this.federation = federation;
    this.series = series;
  }

  /** The row of a list. */
  ObjectNode row(ArrayNode alerts) {
    ObjectNode row = common(alerts);
    ArrayNode spark = row.putArray("spark");
    points("trainLoss").ifPresent(losses -> spark(losses, spark));
    return row;
  }

  private static void spark(Points losses, ArrayNode spark) {
    int count = Math.min(MOST_SPARKS, losses.size());
    for (int i = 0; i < count; i++) {
      double value = losses.value((int) ((i + 1L) * losses.size() / count) - 1);
      if (Double.isFinite(value)) {
        spark.add(value);
      }
    }
  }

  /** The part of the run's own document. */
  ObjectNode run(ArrayNode alerts) {
    ObjectNode run = common(alerts);
    lifecycle.started().ifPresent(started -> described(run, started));
    masks
        .newest()
        .ifPresent(
            update ->
                run.put("kept", update.summary().kept())
                    .put("maskVersion", update.summary().maskVersion())
                    .put("maskStep", update.summary().step())
                    .put("maskTime", update.time().toEpochMilli()));
    points("learningRate")
        .ifPresent(rates -> ViewJson.putFinite(run, "learningRate", rates.lastValue()));
    lifecycle.end().ifPresent(end -> run.put("ended", end.time().toEpochMilli()));
    run.put("attempts", lifecycle.attempt());
    long[] rounds = federation.traffic();
    run.putArray("traffic").add(training.sent() + rounds[0]).add(training.dense() + rounds[1]);
    run.put("heldOut", lifecycle.isStream());
    if (federation.isKnown()) {
      run.put("rounds", federation.completed());
    }
    lifecycle.provenance().ifPresent(from -> run.put("seed", from.seed()).put("data", from.dataName()));
    lifecycle.result()
        .ifPresent(
            result -> {
              ViewJson.putFinite(run, "wallSeconds", result.wallSeconds());
              run.put("kept", result.kept());
            });
    points("validationAccuracy").ifPresent(accuracies -> validation(run, accuracies));
    return run;
  }

  private void validation(ObjectNode run, Points accuracies) {
    ObjectNode newest = run.putObject("validation").put("step", accuracies.lastStep());
    ViewJson.putFinite(newest, "accuracy", accuracies.lastValue());
    points("validationLoss")
        .ifPresent(losses -> ViewJson.putFinite(newest, "loss", losses.lastValue()));
  }

  private Optional<Points> points(String name) {
    return series.apply(name).filter(points -> !points.isEmpty());
  }

  private static void described(ObjectNode run, RunStarted started) {
    run.put("stepsPerEpoch", started.stepsPerEpoch())
        .put("prunable", started.prunable())
        .put("finalKept", started.finalKept());
    ViewJson.putFinite(run, "finalSparsity", started.finalSparsity());
  }

  private ObjectNode common(ArrayNode alerts) {
    ObjectNode facts = ViewJson.object();
    facts.put("id", id.value());
    facts.put("name", lifecycle.name().orElse(id.value()));
    facts.put("kind", federation.isKnown() ? "federation" : "training");
    facts.put("state", lifecycle.stateName());
    lifecycle.reason().ifPresent(reason -> facts.put("reason", reason));
    ArrayNode tags = facts.putArray("tags");
    lifecycle.tags().forEach(tags::add);
    if (lifecycle.trainers() > 0) {
      facts.put("trainers", lifecycle.trainers());
    }
    facts.put("step", lifecycle.step());
    if (lifecycle.totalSteps() > 0) {
      facts.put("totalSteps", lifecycle.totalSteps());
    }
    sparsity(facts);
    cost(facts);
    accuracy().ifPresent(accuracy -> ViewJson.putFinite(facts, "accuracy", accuracy));
    loss().ifPresent(loss -> ViewJson.putFinite(facts, "loss", loss));
    stepRate(facts);
    if (lifecycle.isBegun()) {
      facts.put("begun", lifecycle.begun().toEpochMilli());
      facts.put("updated", lifecycle.updated().toEpochMilli());
    }
    resources.beat().ifPresent(beat -> facts.put("heartbeat", beat.toEpochMilli()));
    if (!resources.interval().isZero()) {
      facts.put("heartbeatSeconds", resources.interval().toMillis() / 1e3);
    }
    facts.put("attempt", lifecycle.attempt());
    facts.set("alerts", alerts);
    return facts;
  }

  private void stepRate(ObjectNode facts) {
    OptionalDouble rate = stepRate.present();
    if (rate.isPresent() && lifecycle.isRunning()) {
      ViewJson.putFinite(facts, "rate", rate.getAsDouble());
      if (lifecycle.totalSteps() > 0) {
        long left = Math.max(0, lifecycle.totalSteps() - lifecycle.step());
        ViewJson.putFinite(facts, "etaSeconds", left / rate.getAsDouble());
      }
    }
  }

  /** That of the result, else of the newest step. */
  private Optional<Double> loss() {
    return lifecycle.result()
        .map(RunFinished::loss)
        .or(() -> points("trainLoss").map(Points::lastValue));
  }

  private void sparsity(ObjectNode facts) {
    masks
        .newest()
        .ifPresentOrElse(
            update -> {
              ViewJson.putFinite(facts, "sparsity", update.summary().sparsity());
              ViewJson.putFinite(facts, "targetSparsity", update.summary().targetSparsity());
            },
            () ->
                state().ifPresent(each -> ViewJson.putFinite(facts, "sparsity", each.sparsity())));
  }

  /** Multiply-accumulates that the network executes, and those of the whole one. */
  private void cost(ObjectNode facts) {
    cuts.addBudget(facts);
    cuts
        .newest()
        .ifPresentOrElse(
            cut -> facts.put("macs", cut.after().macs()).put("macsDense", cut.dense().macs()),
            () ->
                state()
                    .ifPresent(
                        each -> {
                          each.macs().ifPresent(macs -> facts.put("macs", macs));
                          each.macsDense().ifPresent(macs -> facts.put("macsDense", macs));
                        }));
  }

  /** The newest state, unless a later attempt made void what it tells of. */
  private Optional<RunState> state() {
    return lifecycle.state()
        .filter(told -> !voided.isVoid(told.attempt(), told.event().step()))
        .map(RunLifecycleView.Told::event);
  }

  /** That of the result, else of the newest evaluation. */
  private Optional<Double> accuracy() {
    Optional<Double> result = lifecycle.result().map(RunFinished::accuracy);
    if (result.isPresent()) {
      return result;
    }
    Optional<Points> validation = points("validationAccuracy");
    Optional<Points> test = points("testAccuracy");
    long validated = validation.map(Points::lastStep).orElse(-1L);
    Optional<Points> newest = test.filter(points -> points.lastStep() >= validated);
    return newest
        .or(() -> validation)
        .map(Points::lastValue)
        .or(
            () ->
                state()
                    .map(RunState::accuracy)
                    .filter(OptionalDouble::isPresent)
                    .map(OptionalDouble::getAsDouble));
  }
}
