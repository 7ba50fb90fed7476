package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.RunEvent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The facts about a whole run: its row in the list, and the part {@code run}. */
final class RunFacts {
  static final int MOST_SPARKS = 40;

  private final RunDocument document;

  RunFacts(RunDocument document) {
    this.document = document;
  }

  ObjectNode row(ArrayNode alerts) {
    ObjectNode row = common(alerts);
    ArrayNode spark = row.putArray("spark");
    document.points("trainLoss").ifPresent(losses -> spark(losses, spark));
    if (!document.lifecycle.settings().isEmpty()) {
      row.set("settings", ViewJson.of(document.lifecycle.settings()));
    }
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

  ObjectNode run(ArrayNode alerts) {
    ObjectNode run = common(alerts);
    document.lifecycle.started().ifPresent(started -> described(run, started));
    document
        .masks
        .newest()
        .ifPresent(
            update ->
                run.put("kept", update.summary().kept())
                    .put("maskVersion", update.summary().maskVersion())
                    .put("maskStep", update.summary().step())
                    .put("maskTime", update.time().toEpochMilli()));
    document
        .points("learningRate")
        .ifPresent(rates -> ViewJson.putFinite(run, "learningRate", rates.lastValue()));
    document.lifecycle.end().ifPresent(end -> run.put("ended", end.time().toEpochMilli()));
    run.put("attempts", document.lifecycle.attempt());
    long[] rounds = document.federation.rounds.traffic();
    run.putArray("traffic")
        .add(document.training.sent() + rounds[0])
        .add(document.training.dense() + rounds[1]);
    run.put("heldOut", document.lifecycle.isStream());
    if (document.federation.isKnown()) {
      run.put("rounds", document.federation.rounds.completed());
    }
    document
        .lifecycle
        .provenance()
        .ifPresent(from -> run.put("seed", from.seed()).put("data", from.dataName()));
    document
        .lifecycle
        .result()
        .ifPresent(
            result -> {
              ViewJson.putFinite(run, "wallSeconds", result.wallSeconds());
              run.put("kept", result.kept());
            });
    document.points("validationAccuracy").ifPresent(accuracies -> validation(run, accuracies));
    return run;
  }

  private void validation(ObjectNode run, Points accuracies) {
    ObjectNode newest = run.putObject("validation").put("step", accuracies.lastStep());
    ViewJson.putFinite(newest, "accuracy", accuracies.lastValue());
    document
        .points("validationLoss")
        .ifPresent(losses -> ViewJson.putFinite(newest, "loss", losses.lastValue()));
    document
        .points("validationBits")
        .ifPresent(bits -> ViewJson.putFinite(newest, "bitsPerCharacter", bits.lastValue()));
  }

  private static void described(ObjectNode run, RunEvent.RunStarted started) {
    run.put("stepsPerEpoch", started.stepsPerEpoch())
        .put("prunable", started.prunable())
        .put("finalKept", started.finalKept());
    ViewJson.putFinite(run, "finalSparsity", started.finalSparsity());
    started
        .charactersPerToken()
        .ifPresent(characters -> ViewJson.putFinite(run, "charactersPerToken", characters));
  }

  private ObjectNode common(ArrayNode alerts) {
    ObjectNode facts = ViewJson.object();
    facts.put("id", document.id().value());
    facts.put("name", document.lifecycle.name().orElse(document.id().value()));
    facts.put("kind", document.federation.isKnown() ? "federation" : "training");
    facts.put("state", document.lifecycle.stateName());
    document.lifecycle.reason().ifPresent(reason -> facts.put("reason", reason));
    ArrayNode tags = facts.putArray("tags");
    document.lifecycle.tags().forEach(tags::add);
    if (document.lifecycle.trainers() > 0) {
      facts.put("trainers", document.lifecycle.trainers());
    }
    facts.put("step", document.lifecycle.step());
    if (document.lifecycle.totalSteps() > 0) {
      facts.put("totalSteps", document.lifecycle.totalSteps());
    }
    sparsity(facts);
    cost(facts);
    newest(RunEvent.RunFinished::accuracy, "Accuracy", RunEvent.RunState::accuracy)
        .ifPresent(accuracy -> ViewJson.putFinite(facts, "accuracy", accuracy));
    newest(
            result -> result.bitsPerCharacter().orElse(Double.NaN),
            "Bits",
            RunEvent.RunState::bitsPerCharacter)
        .ifPresent(bits -> ViewJson.putFinite(facts, "bitsPerCharacter", bits));
    loss().ifPresent(loss -> ViewJson.putFinite(facts, "loss", loss));
    stepRate(facts);
    if (document.lifecycle.isBegun()) {
      facts.put("begun", document.lifecycle.begun().toEpochMilli());
      facts.put("updated", document.lifecycle.updated().toEpochMilli());
    }
    document.resources.beat().ifPresent(beat -> facts.put("heartbeat", beat.toEpochMilli()));
    if (!document.resources.interval().isZero()) {
      facts.put("heartbeatSeconds", document.resources.interval().toMillis() / 1e3);
    }
    facts.put("attempt", document.lifecycle.attempt());
    facts.set("alerts", alerts);
    return facts;
  }

  private void stepRate(ObjectNode facts) {
    OptionalDouble rate = document.stepRate.present();
    if (rate.isPresent() && document.lifecycle.isRunning()) {
      ViewJson.putFinite(facts, "rate", rate.getAsDouble());
      if (document.lifecycle.totalSteps() > 0) {
        long left = Math.max(0, document.lifecycle.totalSteps() - document.lifecycle.step());
        ViewJson.putFinite(facts, "etaSeconds", left / rate.getAsDouble());
      }
    }
  }

  private Optional<Double> loss() {
    return document
        .lifecycle
        .result()
        .map(RunEvent.RunFinished::loss)
        .or(() -> document.points("trainLoss").map(Points::lastValue));
  }

  private void sparsity(ObjectNode facts) {
    document
        .masks
        .newest()
        .ifPresentOrElse(
            update -> {
              ViewJson.putFinite(facts, "sparsity", update.summary().sparsity());
              ViewJson.putFinite(facts, "targetSparsity", update.summary().targetSparsity());
            },
            () ->
                state().ifPresent(each -> ViewJson.putFinite(facts, "sparsity", each.sparsity())));
  }

  private void cost(ObjectNode facts) {
    document.cuts.addBudget(facts);
    document
        .cuts
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

  /** Returns the newest state that is not void. */
  private Optional<RunEvent.RunState> state() {
    return document
        .lifecycle
        .state()
        .filter(latest -> !document.voided.isVoid(latest.attempt(), latest.event().step()))
        .map(RunLifecycleView.Sequenced::event);
  }

  /** A number of the result, else of the newest evaluation, else of the newest state. */
  private Optional<Double> newest(
      ToDoubleFunction<RunEvent.RunFinished> ofResult,
      String series,
      Function<RunEvent.RunState, OptionalDouble> ofState) {
    Optional<Double> result = document.lifecycle.result().map(ofResult::applyAsDouble);
    if (result.isPresent()) {
      return result;
    }
    Optional<Points> validation = document.points("validation" + series);
    Optional<Points> test = document.points("test" + series);
    long validated = validation.map(Points::lastStep).orElse(-1L);
    Optional<Points> newest = test.filter(points -> points.lastStep() >= validated);
    return newest
        .or(() -> validation)
        .map(Points::lastValue)
        .or(
            () ->
                state()
                    .map(ofState)
                    .filter(OptionalDouble::isPresent)
                    .map(OptionalDouble::getAsDouble));
  }
}
