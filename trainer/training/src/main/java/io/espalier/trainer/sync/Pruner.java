package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

sealed interface Pruner permits Pruner.UnitPruner, ChannelPruner {
  record Pruned(MaskState masks, MaskUpdate update, List<Float> normRatios) {
    ValueChanges changes() {
      return new ValueChanges(update.restarted(), normRatios);
    }
  }

  Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, Statistics statistics);

  static Pruner of(PreparedRun run) {
    return run.channels().isPresent() ? ChannelPruner.of(run) : UnitPruner.of(run);
  }

  static final class UnitPruner implements Pruner {
    private final MaskUpdater updater;

    private UnitPruner(MaskUpdater updater) {
      this.updater = updater;
    }

    static UnitPruner of(PreparedRun run) {
      return new UnitPruner(
          MaskUpdater.of(
              run.config().prune(),
              run.config().seed(),
              run.prunable(),
              () -> NetworkGroups.of(run.network()).groups()));
    }

    @Override
    public Pruned prune(
        Committed committed, PlannedUpdate planned, List<float[]> weights, Statistics statistics) {
      MaskState masks = committed.masks();
      MaskUpdate update =
          updater.update(masks.masks(), weights, statistics, planned, masks.hidesLivingUnits());
      return new Pruned(masks.updated(update.next(), planned.step()), update, List.of());
    }
  }
}
