package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.random.CounterRandom;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The importance of each channel by a recipe: its weights' combined scores, or one fixed draw per
 * channel for the whole run. Weights shared with a pruned or cut channel do not count.
 */
final class ChannelScores {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x6368616e6e656cL;

  private final Groups groups;
  private final Score elements;
  private final GroupScore grouping;
  private final boolean readersOnly;
  private final Optional<SummedScore> summed;
  private final Optional<CounterRandom> draws;

  ChannelScores(PruneConfig config, long seed, Groups groups) {
    ChannelScoring scoring = ((GranularityConfig.Channel) config.granularity()).scoring();
    this.groups = groups;
    this.elements = ElementScores.of(config, seed);
    this.grouping =
        new GroupScore(
            scoring.reduction(),
            scoring.signs(),
            scoring.memberReduction(),
            scoring.normalisation());
    this.readersOnly = scoring.members() == ChannelScoring.Members.READERS;
    this.summed =
        elements
            .channels()
            .map(
                terms ->
                    new SummedScore(
                        terms, readersOnly && !terms.isOfGivers(), scoring.normalisation()));
    this.draws =
        elements.isDrawn() ? Optional.of(CounterRandom.of(seed, DOMAIN)) : Optional.empty();
  }

  /** For each group one finite score of 0 or more per channel; those of no candidates are 0. */
  List<float[]> of(
      Layout layout, List<ScoredParameter> parameters, List<Mask> candidates, List<Mask> present) {
    if (draws.isPresent()) {
      return drawn(draws.get());
    }
    if (summed.isPresent()) {
      return summed.get().of(groups, layout, byId(parameters), candidates);
    }
    Map<ParameterId, float[]> scores = new HashMap<>();
    List<float[]> found = ElementScores.of(elements, parameters);
    for (int p = 0; p < parameters.size(); p++) {
      ParameterId id = parameters.get(p).shape().id();
      scores.put(id, whole(layout, id, found.get(p)));
    }
    Map<ParameterId, List<BitSet>> gone = groups.gone(present);
    return grouping.of(
        groups,
        member ->
            readersOnly && !groups.isReader(member)
                ? Optional.empty()
                : Optional.ofNullable(scores.get(member.parameter()))
                    .map(
                        all ->
                            beside(
                                all,
                                groups.shape(member.parameter()),
                                member,
                                Objects.requireNonNull(gone.get(member.parameter())))),
        candidates);
  }

  private static Map<ParameterId, ScoredParameter> byId(List<ScoredParameter> parameters) {
    Map<ParameterId, ScoredParameter> byId = new HashMap<>();
    parameters.forEach(each -> byId.put(each.shape().id(), each));
    return byId;
  }

  private List<float[]> drawn(CounterRandom random) {
    List<float[]> scores = new ArrayList<>();
    int drawn = 0;
    for (Group group : groups.all()) {
      float[] each = new float[group.channels()];
      for (int channel = 0; channel < each.length; channel++) {
        each[channel] = random.uniformFloat(drawn++);
      }
      scores.add(each);
    }
    return scores;
  }

  /** Scores by their places in the whole network, NaN where nothing is left. */
  private static float[] whole(Layout layout, ParameterId id, float[] present) {
    float[] whole = new float[layout.originalSize(id)];
    Arrays.fill(whole, Float.NaN);
    int[] places = AxisSlices.originalIndices(layout, id);
    for (int i = 0; i < places.length; i++) {
      whole[places[i]] = present[i];
    }
    return whole;
  }

  /** The scores without those of weights that belong to a pruned channel along another axis. */
  private static float[] beside(
      float[] scores, ParameterShape shape, GroupMember member, List<BitSet> gone) {
    float[] some = scores.clone();
    int inner = some.length;
    for (int axis = 0; axis < shape.rank(); axis++) {
      int length = shape.dimensions().get(axis);
      inner /= length;
      if (axis == member.axis() || gone.get(axis).isEmpty()) {
        continue;
      }
      for (int i = 0; i < some.length; i++) {
        if (gone.get(axis).get(i / inner % length)) {
          some[i] = Float.NaN;
        }
      }
    }
    return some;
  }
}
