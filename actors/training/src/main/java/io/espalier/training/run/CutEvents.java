package io.espalier.training.run;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.NetworkSize;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Events and figures of channels that are cut out of a network. */
public final class CutEvents {
  private CutEvents() {}

  /** Name of the budget that channels are chosen by; empty for single weights. */
  public static Optional<String> budget(GranularityConfig granularity) {
    if (!(granularity instanceof GranularityConfig.Channel channel)) {
      return Optional.empty();
    } else if (channel.budget() instanceof BudgetConfig.Parameters) {
      return Optional.of(MasksUpdated.PARAMETERS);
    }
    return Optional.of(
        channel.budget() instanceof BudgetConfig.Macs ? MasksUpdated.MACS : MasksUpdated.LATENCY);
  }

  /** Share of the whole network's cost that the kept channels have; empty for single weights. */
  public static OptionalDouble budgetShare(Committed committed) {
    return committed.masks().channels().stream()
        .mapToDouble(
            channels -> {
              Cost cost = committed.run().channels().orElseThrow().budget();
              return (double) cost.of(channels.kept().stream().map(Mask::kept).toList())
                  / cost.dense();
            })
        .findAny();
  }

  static ChannelsCut of(long step, int maskVersion, SyncOutcome.Cut cut) {
    PreparedRun before = cut.before();
    PreparedRun after = cut.after();
    Network whole = after.wholeNetwork();
    return new ChannelsCut(
        step,
        maskVersion,
        after.layout().digest(),
        widths(before, after),
        after.network().parameters().stream().map(CutEvents::parameter).toList(),
        size(before.network(), before.stateLayout()),
        size(after.network(), after.stateLayout()),
        size(
            whole,
            StateLayout.of(
                whole.parameters(), after.prunableIds(), after.stateLayout().slots().count())),
        cut.seconds());
  }

  private static CutParameter parameter(ParameterSpec spec) {
    return new CutParameter(
        spec.id().name(),
        spec.shape().dimensions().stream().map(Integer::longValue).toList(),
        spec.macs());
  }

  private static NetworkSize size(Network network, StateLayout state) {
    return new NetworkSize(network.values(), network.macs(), state.packedBytes(LiveUnits.all()));
  }

  private static List<GroupWidth> widths(PreparedRun before, PreparedRun after) {
    return after.channels().orElseThrow().groups().all().stream()
        .flatMap(group -> width(group, before, after).stream())
        .toList();
  }

  private static Optional<GroupWidth> width(Group group, PreparedRun before, PreparedRun after) {
    Network whole = after.wholeNetwork();
    return group.members().stream()
        .filter(member -> member.axis() == 0 || group.mayVanish())
        .filter(member -> whole.parameter(member.parameter()).orElseThrow().role() == Role.WEIGHT)
        .findFirst()
        .map(
            member ->
                new GroupWidth(
                    member.parameter().name(),
                    group.channels(),
                    kept(group, member, before.layout()),
                    kept(group, member, after.layout())));
  }

  private static int kept(Group group, GroupMember member, Layout layout) {
    Mask surviving = layout.surviving(member.parameter(), member.axis());
    return (int)
        IntStream.range(0, group.channels())
            .filter(channel -> member.indices(channel).allMatch(surviving::isKept))
            .count();
  }
}
