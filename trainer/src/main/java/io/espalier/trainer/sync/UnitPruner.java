package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

/** Prunes weights one by one. */
final class UnitPruner implements Pruner {
  private final MaskUpdater updater;

  private UnitPruner(MaskUpdater updater) {
    this.updater = updater;
  }

  static UnitPruner of(PreparedRun run) {
    return new UnitPruner(
        MaskUpdater.of(run.config().prune(), run.config().seed(), run.prunable()));
  }

  @Override
  public Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, ScoreStatistics evidence) {
    MaskState masks = committed.masks();
    MaskUpdate update =
        updater.update(masks.masks(), weights, evidence, planned, masks.hidesLivingUnits());
    return new Pruned(masks.updated(update.next(), planned.step()), update, List.of());
  }
}
