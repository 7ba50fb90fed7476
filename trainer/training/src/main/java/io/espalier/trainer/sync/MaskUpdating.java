package io.espalier.trainer.sync;

import io.espalier.masks.MaskSet;
import io.espalier.masks.refit.Refit;
import io.espalier.masks.refit.Refits;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.state.WeightAverages;
import java.util.List;
import java.util.Optional;

/**
 * Makes the mask updates of a run: chooses masks and refits what they keep, in one round of
 * statistics, or in one for the masks and one for each layer that is refitted. Not thread-safe.
 */
final class MaskUpdating {
  private final Pruner pruner;
  private final Optional<Refit> refit;
  private final StatisticRequests requests;
  private Optional<LayerRefits> layers = Optional.empty();

  private MaskUpdating(Pruner pruner, Optional<Refit> refit, StatisticRequests requests) {
    this.pruner = pruner;
    this.refit = refit;
    this.requests = requests;
  }

  static MaskUpdating of(PreparedRun run) {
    return new MaskUpdating(
        Pruner.of(run),
        Refits.of(run.config().prune()),
        StatisticRequests.of(run.config().prune(), run.config().seed()));
  }

  /** A refit changes values that were evaluated before, so its update has a commit of its own. */
  boolean measures(Optional<PlannedUpdate> planned, Committed before) {
    return planned
        .filter(
            update -> refit.isPresent() || !requests.of(update, before.masks().masks()).isEmpty())
        .isPresent();
  }

  /** Whether updates change values that are kept. */
  boolean refits() {
    return refit.isPresent();
  }

  /** The layer that the next statistics are of, by its place; empty if they are of all layers. */
  Optional<Integer> layer() {
    return layers.map(LayerRefits::layer);
  }

  /** How the statistics of the next round travel. */
  StatisticsCodec codec(PlannedUpdate planned, Committed committed) {
    Optional<Integer> layer = layer();
    List<StatisticRequest> measured =
        layer.isPresent()
            ? requests.ofEachLayer()
            : requests.of(planned, committed.masks().masks());
    return StatisticsCodec.of(
        measured, committed.run().observedLayers(), committed.masks().candidates(), layer);
  }

  /**
   * Takes in the statistics of a round.
   *
   * @param state a copy of the committed values, which are changed
   * @return the update if it is complete; empty if the statistics of another layer are to come, for
   *     which the state is as they are measured
   */
  Optional<TimedUpdate> take(
      Committed committed, PlannedUpdate planned, TrainingState state, Statistics statistics) {
    if (layers.isEmpty()) {
      TimedUpdate chosen = prune(committed, planned, state, statistics);
      if (refit.filter(Refit::readsPrunedInputs).isEmpty()) {
        return Optional.of(chosen);
      }
      layers = Optional.of(new LayerRefits(refit.get(), committed, chosen));
    } else {
      layers.get().refit(committed, state, statistics);
    }
    if (layers.get().awaits(state)) {
      return Optional.empty();
    }
    restartAverages(committed, state);
    TimedUpdate complete = layers.get().update();
    layers = Optional.empty();
    return Optional.of(complete);
  }

  /** The update of a state, whose values a refit changes unless it goes layer by layer. */
  TimedUpdate prune(
      Committed committed, PlannedUpdate planned, TrainingState state, Statistics statistics) {
    long start = System.nanoTime();
    Statistics all = new StateStatistics(committed.run(), state).with(statistics, requests.held());
    List<float[]> weights = state.prunableWeights();
    Pruner.Pruned pruned = pruner.prune(committed, planned, weights, all);
    MaskSet kept = pruned.masks().masks();
    List<MaskFinding> findings = MaskFinding.of(committed.masks(), weights, kept);
    Optional<RefitOutcome> refitted = Optional.empty();
    if (refit.isPresent() && !refit.get().readsPrunedInputs()) {
      TrackedState values = TrackedState.of(new RefitState(committed.run(), state));
      refit.get().refit(values, kept, all);
      restartAverages(committed, state);
      state.requireFinite(planned.step());
      refitted = Optional.of(values.outcome(pruned.update()));
    }
    return new TimedUpdate(planned, pruned, refitted, findings, (System.nanoTime() - start) / 1e9);
  }

  /** Averages of weights go on from what a refit made of these. */
  private static void restartAverages(Committed committed, TrainingState state) {
    WeightAverages.of(committed.run().stateLayout())
        .ifPresent(
            averages -> averages.restart(state, committed.masks().livingAt(committed.step())));
  }
}
