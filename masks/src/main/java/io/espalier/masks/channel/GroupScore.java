package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.unit.Reducing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Scores of channels from scores of single values: those of each member's slice become one, the
 * members' become one, and the channels of a group are put on one scale (Fang, Ma, Song, Mi and
 * Wang, "DepGraph: Towards Any Structural Pruning", 2023, with squares of weights for the values).
 * A value where two members of a group cross counts in both. Sums are in double, in the order of
 * members and flat indices.
 *
 * @param slice how the values of a channel in one member become one
 * @param signs whether signs are dropped before or after that
 * @param members how a channel's members become one
 * @param normalisation over the channels of a group
 */
record GroupScore(Reduction slice, Signs signs, Reduction members, Normalisation normalisation) {

  /**
   * Scores the channels of every group; finite and non-negative where the values' are finite.
   *
   * @param values for a member's parameter, row-major, not changed: NaN for a value that is not
   *     there, empty for a member that does not count
   * @param candidates for each group the channels over which scores are normalised; the others
   *     score 0
   * @return for each group one score per channel; 0 for all channels of a group that has an
   *     obstacle and nothing that counts
   * @throws IllegalArgumentException if nothing counts in a group that may be pruned
   */
  List<float[]> of(
      Groups groups, Function<GroupMember, Optional<float[]>> values, List<Mask> candidates) {
    List<float[]> scores = new ArrayList<>();
    for (Group group : groups.all()) {
      List<double[]> slices = new ArrayList<>();
      for (GroupMember member : group.members()) {
        ParameterShape shape = groups.shape(member.parameter());
        values.apply(member).ifPresent(each -> slices.add(slices(group, member, shape, each)));
      }
      requireMember(!slices.isEmpty(), group, candidates.get(group.id()));
      scores.add(
          normalised(
              normalisation, combined(group.channels(), slices), candidates.get(group.id())));
    }
    return scores;
  }

  static void requireMember(boolean counts, Group group, Mask candidates) {
    if (!counts && group.isPrunable() && candidates.kept() > 0) {
      throw new IllegalArgumentException(
          "a group that may be pruned must have a parameter that counts: group=" + group);
    }
  }

  private double[] combined(int channels, List<double[]> slices) {
    double[] combined = new double[channels];
    for (int channel = 0; !slices.isEmpty() && channel < channels; channel++) {
      double running = Reducing.start(members);
      for (double[] slice : slices) {
        running = Reducing.with(members, running, slice[channel]);
      }
      combined[channel] = Math.abs(Reducing.end(members, running, slices.size()));
    }
    return combined;
  }

  /** The candidates' scores of 0 or more on the scale of their group; those of others are 0. */
  static float[] normalised(Normalisation normalisation, double[] scores, Mask candidates) {
    int[] channels = IntStream.range(0, scores.length).filter(candidates::isKept).toArray();
    DoubleStream some = Arrays.stream(channels).mapToDouble(channel -> scores[channel]);
    double divisor =
        switch (normalisation) {
          case NONE -> 1;
          case MEAN -> some.average().orElse(1);
          case SUM -> some.sum();
          case MAX -> some.max().orElse(1);
        };
    float[] normalised = new float[scores.length];
    for (int channel : channels) {
      normalised[channel] = (float) (divisor > 0 ? scores[channel] / divisor : scores[channel]);
    }
    return normalised;
  }

  private double[] slices(Group group, GroupMember member, ParameterShape shape, float[] values) {
    requireSize(shape, values);
    int length = shape.dimensions().get(member.axis());
    int inner = 1;
    for (int size : shape.dimensions().subList(member.axis() + 1, shape.rank())) {
      inner *= size;
    }
    double[] slices = new double[group.channels()];
    for (int channel = 0; channel < slices.length; channel++) {
      double running = Reducing.start(slice);
      long count = 0;
      int[] indices = member.indices(channel).toArray();
      for (int outer = 0; outer < values.length; outer += length * inner) {
        for (int index : indices) {
          int from = outer + index * inner;
          for (int i = from; i < from + inner; i++) {
            if (!Float.isNaN(values[i])) {
              running = Reducing.with(slice, running, signed(values[i]));
              count++;
            }
          }
        }
      }
      slices[channel] = count == 0 ? 0 : Reducing.end(slice, running, count);
    }
    return slices;
  }

  private double signed(float value) {
    return signs == Signs.EACH ? Math.abs(value) : value;
  }

  private static void requireSize(ParameterShape shape, float[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "there must be a score for each value: parameter=%s, values=%d, scores=%d"
              .formatted(shape.id(), shape.size(), values.length));
    }
  }
}
