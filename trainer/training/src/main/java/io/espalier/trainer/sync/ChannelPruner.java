package io.espalier.trainer.sync;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.channel.ChannelUpdater;
import io.espalier.masks.channel.NormFactors;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

final class ChannelPruner implements Pruner {
  private final ChannelUpdater updater;
  private final NormFactors norms;

  private ChannelPruner(ChannelUpdater updater, NormFactors norms) {
    this.updater = updater;
    this.norms = norms;
  }

  static ChannelPruner of(PreparedRun run) {
    NetworkGroups channels = run.channels().orElseThrow();
    PruneConfig prune = run.config().prune();
    return new ChannelPruner(
        ChannelUpdater.of(prune, run.config().seed(), channels.groups(), channels.budget()),
        NormFactors.of(
            ((GranularityConfig.Channel) prune.granularity()).norms(),
            channels.groups(),
            ScaledNorm.of(channels.network()).stream().map(ScaledNorm::reader).toList()));
  }

  @Override
  public Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, Statistics statistics) {
    PreparedRun run = committed.run();
    MaskState masks = committed.masks();
    ChannelState channels = masks.channels().orElseThrow();
    boolean mayReturn = masks.hidesLivingUnits();
    List<Mask> candidates = channels.candidates(mayReturn);
    ChannelUpdater.Choice choice =
        updater.choose(
            run.layout(),
            ScoredParameter.all(
                run.prunable(), weights, masks.candidates(), planned.step(), statistics),
            candidates,
            channels.kept(),
            planned.sparsity());
    ChannelState updated =
        norms.weighed(
            channels,
            channels.updated(choice.kept(), mayReturn, planned.step()),
            candidates,
            choice.scores());
    MaskState next = run.masks(updated, masks.masks().version().next(), planned.step());
    return new Pruned(
        next, MaskUpdate.between(masks.masks(), next.masks()), norms.ratios(channels, updated));
  }
}
