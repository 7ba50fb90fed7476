package io.espalier.trainer.sync;

import io.espalier.masks.channel.ChannelChoice;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.channel.ChannelUpdater;
import io.espalier.masks.evidence.Evidence;
import io.espalier.masks.plan.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.network.group.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.List;

/** Prunes channels; the masks of weights follow. */
final class ChannelPruner implements Pruner {
  private final ChannelUpdater updater;

  private ChannelPruner(ChannelUpdater updater) {
    this.updater = updater;
  }

  static ChannelPruner of(PreparedRun run) {
    NetworkGroups channels = run.channels().orElseThrow();
    return new ChannelPruner(
        ChannelUpdater.of(
            run.config().prune(), run.config().seed(), channels.groups(), channels.budget()));
  }

  @Override
  public Pruned prune(
      Committed committed, PlannedUpdate planned, List<float[]> weights, Evidence evidence) {
    PreparedRun run = committed.run();
    MaskState masks = committed.masks();
    ChannelState channels = masks.channels().orElseThrow();
    boolean mayReturn = masks.hidesLivingUnits();
    ChannelChoice choice =
        updater.choose(
            run.layout(),
            run.prunableIds(),
            weights,
            evidence,
            channels.candidates(mayReturn),
            channels.kept(),
            planned.sparsity());
    MaskState next =
        run.masks(
            channels.updated(choice.kept(), mayReturn, planned.step()),
            masks.masks().version().next(),
            planned.step());
    return new Pruned(next, MaskUpdate.between(masks.masks(), next.masks()));
  }
}
