package io.espalier.trainer.sync;

import io.espalier.configs.prune.CuttingConfig;
import io.espalier.configs.prune.GranularityConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.channel.ChannelState;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.Optional;

/** Which channels leave the network at a sync. */
final class Cutting {
  private final CuttingConfig.When when;
  private final long settle;
  private final long totalSteps;

  private Cutting(CuttingConfig.When when, long settle, long totalSteps) {
    this.when = when;
    this.settle = settle;
    this.totalSteps = totalSteps;
  }

  static Cutting of(PreparedRun run) {
    long steps = run.plan().totalSteps();
    return run.config().prune().granularity() instanceof GranularityConfig.Channel channel
        ? new Cutting(
            channel.cutting().when(),
            channel.cutting().settle().resolve(steps, run.plan().stepsPerEpoch()),
            steps)
        : new Cutting(CuttingConfig.When.NEVER, 0, steps);
  }

  /** The channels after the cut at a sync; empty if nothing is cut there. */
  Optional<ChannelState> at(long step, ChannelState channels) {
    List<Mask> due = step == totalSteps ? channels.pruned() : channels.settled(step, settle);
    boolean now =
        when == CuttingConfig.When.LIVE || (when == CuttingConfig.When.END && step == totalSteps);
    return now && due.stream().anyMatch(mask -> mask.kept() > 0)
        ? Optional.of(channels.cut(due))
        : Optional.empty();
  }
}
