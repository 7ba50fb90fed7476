package io.espalier.bench.chaos;

import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.outbox.RunHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run's measurements without times and retracted attempts. Equal for killed and uninterrupted
 * runs.
 */
final class EffectiveHistory {
  private final SortedMap<Place, List<String>> facts = new TreeMap<>();

  private record Place(long step, String subject) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::step).thenComparing(Place::subject);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return "step " + step + ", " + subject;
    }
  }

  private EffectiveHistory() {}

  static EffectiveHistory of(RunHistory run) {
    EffectiveHistory history = new EffectiveHistory();
    run.all(StepsMeasured.class).forEach(history::addSteps);
    run.all(SyncCompleted.class).forEach(history::addSync);
    run.all(EvaluationCompleted.class).forEach(history::addEvaluation);
    run.all(MasksUpdated.class).forEach(history::addUpdate);
    run.all(ParameterMaskState.class)
        .forEach(mask -> history.add(mask.step(), "mask of " + mask.name(), mask.toString()));
    run.all(MaskPicture.class)
        .forEach(
            picture ->
                history.add(
                    picture.step(),
                    "picture of " + picture.name() + " by " + picture.view(),
                    picture.toString()));
    run.all(RunFinished.class).forEach(history::addResult);
    run.last(RunState.class)
        .ifPresent(
            state ->
                history.add(
                    state.step(),
                    "newest state",
                    "%s, sparsity %s, accuracy %s"
                        .formatted(state.state(), state.sparsity(), state.accuracy())));
    return history;
  }

  List<String> differencesFrom(EffectiveHistory expected) {
    SortedSet<Place> places = new TreeSet<>(expected.facts.keySet());
    places.addAll(facts.keySet());
    List<String> differences = new ArrayList<>();
    for (Place place : places) {
      List<String> wanted = Objects.requireNonNull(expected.facts.getOrDefault(place, List.of()));
      List<String> found = Objects.requireNonNull(facts.getOrDefault(place, List.of()));
      if (!found.equals(wanted)) {
        differences.add("%s: expected=%s, found=%s".formatted(place, wanted, found));
      }
    }
    return differences;
  }

  private void addSteps(StepsMeasured steps) {
    String trainer = "trainer-" + steps.trainer();
    for (int i = 0; i < steps.losses().size(); i++) {
      add(
          steps.firstStep() + i,
          trainer,
          "loss %s, accuracy %s".formatted(steps.losses().get(i), steps.accuracies().get(i)));
    }
    long last = steps.firstStep() + steps.losses().size() - 1;
    add(last, trainer + " learning rate", Double.toString(steps.learningRate()));
  }

  private void addSync(SyncCompleted sync) {
    add(
        sync.step(),
        "sync",
        "mask version %d, %d B up, %d B down, %d B dense, digest %s"
            .formatted(
                sync.maskVersion(),
                sync.bytesUp(),
                sync.bytesDown(),
                sync.bytesDense(),
                sync.stateDigest()));
  }

  private void addEvaluation(EvaluationCompleted evaluation) {
    add(
        evaluation.step(),
        "evaluation on " + evaluation.set() + ", " + evaluation.phase(),
        "mask version %d, accuracy %s, loss %s of %d examples"
            .formatted(
                evaluation.maskVersion(),
                evaluation.accuracy(),
                evaluation.loss(),
                evaluation.examples()));
  }

  private void addUpdate(MasksUpdated update) {
    add(
        update.step(),
        "mask update",
        "mask version %d, sparsity %s of %s, %d kept, %s"
            .formatted(
                update.maskVersion(),
                update.sparsity(),
                update.targetSparsity(),
                update.kept(),
                update.parameters()));
  }

  private void addResult(RunFinished result) {
    add(
        result.steps(),
        "result",
        "accuracy %s, loss %s, %d kept".formatted(result.accuracy(), result.loss(), result.kept()));
  }

  private void add(long step, String subject, String fact) {
    facts.computeIfAbsent(new Place(step, subject), place -> new ArrayList<>()).add(fact);
  }
}
