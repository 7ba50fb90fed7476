package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

sealed interface Pruner permits UnitPruner, ChannelPruner {
  /**
   * @param normRatios factors of norm scales, as in {@link ValueChanges}
   */
  record Pruned(MaskState masks, MaskUpdate update, List<Float> normRatios) {
    ValueChanges changes() {
      return new ValueChanges(update.restarted(), normRatios);
    }
  }

  /**
   * Updates the masks of a committed state.
   *
   * @param weights the averaged ones, one array per prunable parameter
   */
  Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, ScoreStatistics evidence);

  static Pruner of(PreparedRun run) {
    return run.channels().isPresent() ? ChannelPruner.of(run) : UnitPruner.of(run);
  }
}
