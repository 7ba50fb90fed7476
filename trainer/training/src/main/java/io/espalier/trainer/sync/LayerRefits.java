package io.espalier.trainer.sync;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.Refit;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Refits the layers of an update whose masks are chosen, one after the other in network order, each
 * on inputs that are measured where the layers before it are pruned and refitted. Until the update
 * is complete, the masks are the old ones, and what goes of these layers is 0. Not thread-safe.
 */
final class LayerRefits {
  private final Refit refit;
  private final TimedUpdate chosen;
  private final List<ParameterId> weights;
  private final List<Mask> kept;
  private int layer;
  private int changed;
  private double seconds;

  LayerRefits(Refit refit, Committed before, TimedUpdate chosen) {
    this.refit = refit;
    this.chosen = chosen;
    this.seconds = chosen.seconds();
    MaskSet next = chosen.pruned().masks().masks();
    this.weights = next.parameters();
    boolean channels = before.masks().channels().isPresent();
    this.kept =
        channels
            ? weights.stream().map(id -> livingColumns(before.masks().masks(), next, id)).toList()
            : next.masks();
  }

  /**
   * What a layer loses because inputs of it go. Outputs that go stay until the update is complete:
   * the layers that read them make up for them.
   */
  private static Mask livingColumns(MaskSet before, MaskSet next, ParameterId id) {
    Mask old = before.mask(id);
    Mask mask = next.mask(id);
    int columns = InputStatistic.features(next.layout().shape(id).orElseThrow());
    Mask living =
        Mask.of(
            columns,
            column ->
                IntStream.iterate(column, unit -> unit < mask.size(), unit -> unit + columns)
                    .anyMatch(mask::isKept));
    return Mask.of(mask.size(), unit -> old.isKept(unit) && living.isKept(unit % columns));
  }

  /** The layer to measure next, by its place. */
  int layer() {
    return layer;
  }

  /** Moves on to the next layer that loses a weight; returns whether there is one. */
  boolean awaits(TrainingState state) {
    List<float[]> values = state.prunableWeights();
    while (layer < weights.size() && !loses(values.get(layer), kept.get(layer))) {
      layer++;
    }
    return layer < weights.size();
  }

  private static boolean loses(float[] values, Mask kept) {
    return IntStream.range(0, values.length)
        .anyMatch(unit -> !kept.isKept(unit) && values[unit] != 0);
  }

  /** Refits the layer that was measured, and sets what goes of it to 0. */
  void refit(Committed committed, TrainingState state, Statistics statistics) {
    long start = System.nanoTime();
    MaskSet next = chosen.pruned().masks().masks();
    MaskSet alone =
        MaskSet.of(
            next.version(), next.layout(), List.of(weights.get(layer)), List.of(kept.get(layer)));
    TrackedState values = TrackedState.of(new RefitState(committed.run(), state));
    refit.refit(values, alone, statistics);
    changed += values.outcome(chosen.pruned().update()).changed();
    clear(committed.run().stateLayout(), state);
    state.requireFinite(chosen.planned().step());
    seconds += (System.nanoTime() - start) / 1e9;
    layer++;
  }

  private void clear(StateLayout layout, TrainingState state) {
    List<StateLayout.Entry> entries = layout.entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().equals(weights.get(layer))) {
        FloatBuffer array = state.array(i, 0);
        for (int unit = 0; unit < kept.get(layer).size(); unit++) {
          if (!kept.get(layer).isKept(unit)) {
            array.put(unit, 0);
          }
        }
      }
    }
  }

  /** The update after its last layer. */
  TimedUpdate update() {
    int losing = RefitOutcome.losing(chosen.pruned().update()).size();
    return chosen.refitted(new RefitOutcome(losing, changed), seconds);
  }
}
