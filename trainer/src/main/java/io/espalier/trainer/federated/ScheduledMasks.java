package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.Optional;

final class ScheduledMasks implements MaskRule {
  private final PreparedRun run;
  private final MaskUpdater updater;

  ScheduledMasks(PreparedRun run) {
    this.run = run;
    this.updater = MaskUpdater.of(run.config().prune(), run.config().seed(), run.prunable());
  }

  @Override
  public List<ProposalCount> proposals(int completed, MaskSet masks) {
    return List.of();
  }

  @Override
  public Optional<MaskUpdate> after(
      int completed, MaskSet masks, List<float[]> weights, List<Contribution> contributions) {
    return run.plan()
        .updateAt(completed)
        .map(planned -> updater.update(masks, weights, ScoreStatistics.none(), planned, false));
  }
}
