package io.espalier.trainer.sync;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.channel.ChannelState;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.TrainingState;
import java.util.List;
import java.util.Optional;

final class ChannelCutting {
  private final CuttingConfig.When when;

  /** Steps from the update that pruned a channel; those in which it anneals are no rest. */
  private final long settle;

  private ChannelCutting(CuttingConfig.When when, long settle) {
    this.when = when;
    this.settle = settle;
  }

  static ChannelCutting of(PreparedRun run) {
    return run.config().prune().granularity() instanceof GranularityConfig.Channel channel
        ? new ChannelCutting(
            channel.cutting().when(),
            run.plan().annealingSteps()
                + channel
                    .cutting()
                    .settle()
                    .resolve(run.plan().totalSteps(), run.plan().stepsPerEpoch()))
        : new ChannelCutting(CuttingConfig.When.NEVER, 0);
  }

  record CutState(TrainingState state, MaskState masks, PreparedRun run, SyncOutcome.Cut outcome) {}

  /**
   * The cut of a sync; it shares the version of an update at the same sync, or gets its own. At the
   * {@code last} step all pruned channels go.
   */
  Optional<CutState> at(
      long step, boolean last, Committed previous, TrainingState state, MaskState masks) {
    Optional<ChannelState> left = masks.channels().flatMap(each -> left(step, last, each));
    if (left.isEmpty()) {
      return Optional.empty();
    }
    CrashPoint.BEFORE_CUT.pass();
    long start = System.nanoTime();
    PreparedRun before = previous.run();
    PreparedRun after = before.cut(left.get().present());
    TrainingState smaller = new TrainingState(after.stateLayout());
    new ChannelCut(before, after).copy(state, smaller);
    MaskVersion version = masks.masks().version();
    MaskState next =
        after.masks(
            left.get(), masks == previous.masks() ? version.next() : version, masks.updatedAt());
    double seconds = (System.nanoTime() - start) / 1e9;
    return Optional.of(
        new CutState(smaller, next, after, new SyncOutcome.Cut(before, after, seconds)));
  }

  /** The state as its run would leave it if {@code committed} were the last. */
  Committed finished(Committed committed) {
    return at(committed.step(), true, committed, committed.state(), committed.masks())
        .map(
            cut ->
                new Committed(
                    committed.step(),
                    cut.state(),
                    cut.masks(),
                    committed.recalibrated(),
                    cut.run(),
                    committed.stream()))
        .orElse(committed);
  }

  private Optional<ChannelState> left(long step, boolean last, ChannelState channels) {
    List<Mask> due = last ? channels.pruned() : channels.settled(step, settle);
    boolean now = when == CuttingConfig.When.LIVE || (when == CuttingConfig.When.END && last);
    return now && due.stream().anyMatch(mask -> mask.kept() > 0)
        ? Optional.of(channels.cut(due))
        : Optional.empty();
  }
}
