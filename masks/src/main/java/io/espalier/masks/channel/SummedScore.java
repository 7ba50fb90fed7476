package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ChannelTerms;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Scores of channels from terms that add up over a channel's parameters in each sample of data. A
 * weight where two members of a group cross counts in both. Sums are in double, in the order of
 * members and indices.
 *
 * @param readersOnly whether only weights that read a channel count
 */
record SummedScore(ChannelTerms terms, boolean readersOnly, Normalisation normalisation) {

  /**
   * Scores the channels of every group, finite and 0 or more.
   *
   * @param layout what is left of the whole network, whose shapes {@code parameters} have
   * @param candidates for each group the channels over which scores are normalised; the others
   *     score 0
   */
  List<float[]> of(
      Groups groups,
      Layout layout,
      Map<ParameterId, ScoredParameter> parameters,
      List<Mask> candidates) {
    List<float[]> scores = new ArrayList<>();
    for (Group group : groups.all()) {
      List<double[]> sums = new ArrayList<>();
      for (GroupMember member : group.members()) {
        if (!readersOnly || groups.isReader(member)) {
          Optional.ofNullable(parameters.get(member.parameter()))
              .ifPresent(
                  weight -> add(group, member, layout, weight, candidates.get(group.id()), sums));
        }
      }
      GroupScore.requireMember(!sums.isEmpty(), group, candidates.get(group.id()));
      scores.add(
          GroupScore.normalised(
              normalisation, values(group.channels(), sums), candidates.get(group.id())));
    }
    return scores;
  }

  /** Adds a member's terms to the sums of each sample. */
  private void add(
      Group group,
      GroupMember member,
      Layout layout,
      ScoredParameter weight,
      Mask candidates,
      List<double[]> sums) {
    int[] places = places(layout.surviving(member.parameter(), member.axis()));
    List<int[]> channels =
        IntStream.range(0, group.channels())
            .mapToObj(
                channel ->
                    candidates.isKept(channel)
                        ? member.indices(channel).map(i -> places[i]).filter(p -> p >= 0).toArray()
                        : new int[0])
            .toList();
    terms.add(weight, member.axis(), readersOnly, channels, sums);
  }

  /** The present place of each index of the whole axis, or -1. */
  private static int[] places(Mask surviving) {
    int[] places = new int[surviving.size()];
    Arrays.fill(places, -1);
    int next = 0;
    for (int index = surviving.nextKept(0); index >= 0; index = surviving.nextKept(index + 1)) {
      places[index] = next++;
    }
    return places;
  }

  private double[] values(int channels, List<double[]> sums) {
    double[] values = new double[channels];
    for (double[] sample : sums) {
      for (int channel = 0; channel < channels; channel++) {
        values[channel] += terms.value(sample[channel]) / sums.size();
      }
    }
    return values;
  }
}
