package io.espalier.trainer.step;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All that makes one channel: weights, biases and norm parameters that are written to it, not the
 * weights that read it.
 */
record ZeroInvariantGroup(List<Slice> slices) {
  /** Units of one parameter, row-major. */
  private record Slice(ParameterId parameter, Mask units) {}

  /**
   * The channels of each group that may go; a rule of channels has nothing to act on where there is
   * none.
   */
  static List<List<ZeroInvariantGroup>> of(String rule, Groups groups) {
    List<List<ZeroInvariantGroup>> all = new ArrayList<>();
    for (Group group : groups.all()) {
      List<GroupMember> written =
          group.members().stream().filter(member -> !groups.isReader(member)).toList();
      if (group.isPrunable() && !written.isEmpty()) {
        all.add(
            IntStream.range(0, group.channels())
                .mapToObj(channel -> of(groups, written, channel))
                .toList());
      }
    }
    if (all.isEmpty()) {
      throw StepRuleContext.refusal(
          rule, "acts on channels, and this network has none that may go: name l1 or group-lasso");
    }
    return List.copyOf(all);
  }

  private static ZeroInvariantGroup of(Groups groups, List<GroupMember> written, int channel) {
    return new ZeroInvariantGroup(
        written.stream()
            .map(member -> new Slice(member.parameter(), units(groups, member, channel)))
            .toList());
  }

  private static Mask units(Groups groups, GroupMember member, int channel) {
    List<Integer> dimensions = groups.shape(member.parameter()).dimensions();
    int inner =
        dimensions.subList(member.axis() + 1, dimensions.size()).stream()
            .reduce(1, (a, b) -> a * b);
    int count = dimensions.get(member.axis());
    BitSet chosen = new BitSet();
    member.indices(channel).forEach(chosen::set);
    return Mask.of(
        groups.shape(member.parameter()).size(), unit -> chosen.get(unit / inner % count));
  }

  /** Visits the units of the parameters that are trained. */
  void forEachUnit(Map<ParameterId, TrainedParameter> parameters, UnitVisitor visitor) {
    for (Slice slice : slices) {
      TrainedParameter parameter = parameters.get(slice.parameter());
      if (parameter != null) {
        slice.units().forEachKept(unit -> visitor.visit(parameter, unit));
      }
    }
  }

  double norm(Map<ParameterId, TrainedParameter> parameters) {
    double[] squares = {0};
    forEachUnit(
        parameters,
        (parameter, unit) -> {
          double value = parameter.weight().get(unit);
          squares[0] += value * value;
        });
    return Math.sqrt(squares[0]);
  }

  static double[] norms(
      List<ZeroInvariantGroup> channels, Map<ParameterId, TrainedParameter> parameters) {
    return channels.stream().mapToDouble(channel -> channel.norm(parameters)).toArray();
  }

  /** Adds a multiple of the weights to their gradients. */
  void addDecay(Map<ParameterId, TrainedParameter> parameters, double factor) {
    forEachUnit(
        parameters,
        (parameter, unit) -> parameter.addSlope(unit, factor * parameter.weight().get(unit)));
  }
}
