package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

/** Decides at a sync what the network keeps. Not thread-safe. */
sealed interface Pruner permits UnitPruner, ChannelPruner {
  /**
   * What an update came to: the masks after it, in the layout before it.
   *
   * @param normRatios what scales of norms are multiplied with, as {@link ValueChanges} has them
   */
  record Pruned(MaskState masks, MaskUpdate update, List<Float> normRatios) {
    ValueChanges changes() {
      return new ValueChanges(update.restarted(), normRatios);
    }
  }

  /**
   * An update of the masks of a committed state.
   *
   * @param weights that the replicas agreed on since then, one array per prunable parameter
   */
  Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, ScoreStatistics evidence);

  /** The one of a run, whose network nothing was cut from. */
  static Pruner of(PreparedRun run) {
    return run.channels().isPresent() ? ChannelPruner.of(run) : UnitPruner.of(run);
  }
}
