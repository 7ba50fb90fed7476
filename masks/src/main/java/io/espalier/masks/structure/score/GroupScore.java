package io.espalier.masks.structure.score;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Scores of channels from any scores of single values: those of each member's slice become one, the
 * members' become one, and the channels of a group are put on one scale (Fang, Ma, Song, Mi and
 * Wang, "DepGraph: Towards Any Structural Pruning", 2023, with squares of weights for the values).
 *
 * <p>A value where two members of a group cross counts in both. Sums are in double, in the order of
 * members and flat indices.
 *
 * @param slice how the values of a channel in one member become one
 * @param magnitude whether signs are dropped before or after that
 * @param members how a channel's members become one
 * @param normalisation over the channels of a group
 */
public record GroupScore(
    Reduction slice, Magnitude magnitude, Reduction members, Normalisation normalisation) {

  /**
   * Scores the channels of every group; finite and non-negative where the values' are finite.
   *
   * @param values row-major, one for each value of a parameter, not changed; empty for parameters
   *     that do not count
   * @return for each group one score per channel; 0 for all channels of a group that has an
   *     obstacle and nothing that counts
   * @throws IllegalArgumentException if nothing counts in a group that may be pruned
   */
  public List<float[]> of(Groups groups, Function<ParameterId, Optional<float[]>> values) {
    Map<ParameterId, ParameterShape> shapes = new HashMap<>();
    groups.parameters().forEach(shape -> shapes.put(shape.id(), shape));
    List<float[]> scores = new ArrayList<>();
    for (Group group : groups.all()) {
      List<double[]> slices = new ArrayList<>();
      for (Member member : group.members()) {
        ParameterShape shape = Objects.requireNonNull(shapes.get(member.parameter()));
        values
            .apply(member.parameter())
            .ifPresent(each -> slices.add(slices(group, member, shape, each)));
      }
      if (slices.isEmpty() && group.isPrunable()) {
        throw new IllegalArgumentException(
            "a group that may be pruned must have a parameter that counts: group=" + group);
      }
      scores.add(normalisation.of(combined(group.channels(), slices)));
    }
    return scores;
  }

  private double[] combined(int channels, List<double[]> slices) {
    double[] combined = new double[channels];
    for (int channel = 0; !slices.isEmpty() && channel < channels; channel++) {
      double running = members.start();
      for (double[] slice : slices) {
        running = members.with(running, slice[channel]);
      }
      combined[channel] = members.end(running, slices.size());
    }
    return combined;
  }

  private double[] slices(Group group, Member member, ParameterShape shape, float[] values) {
    requireSize(shape, values);
    int length = shape.dimensions().get(member.axis());
    int inner = 1;
    for (int size : shape.dimensions().subList(member.axis() + 1, shape.rank())) {
      inner *= size;
    }
    double[] slices = new double[group.channels()];
    for (int channel = 0; channel < slices.length; channel++) {
      double running = slice.start();
      int[] indices = member.indices(channel).toArray();
      for (int outer = 0; outer < values.length; outer += length * inner) {
        for (int index : indices) {
          int from = outer + index * inner;
          for (int i = from; i < from + inner; i++) {
            running = slice.with(running, signed(values[i]));
          }
        }
      }
      long count = (long) values.length / length * indices.length;
      slices[channel] = Math.abs(slice.end(running, count));
    }
    return slices;
  }

  private double signed(float value) {
    return magnitude == Magnitude.OF_EACH ? Math.abs(value) : value;
  }

  private static void requireSize(ParameterShape shape, float[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "there must be a score for each value: parameter=%s, values=%d, scores=%d"
              .formatted(shape.id(), shape.size(), values.length));
    }
  }
}
