package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GroupScoreTest {
  private static final Groups TWO_BY_TWO = Chains.linear(2, 2, 2);

  /** Scores of the hidden channels. */
  private static float[] hidden(GroupScore score, Map<String, float[]> values) {
    return score.of(TWO_BY_TWO, of(values), TWO_BY_TWO.allKept()).get(1);
  }

  private static Function<GroupMember, Optional<float[]>> of(Map<String, float[]> values) {
    return member -> Optional.ofNullable(values.get(member.parameter().name()));
  }

  private static float[] squares(float... values) {
    float[] squares = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = values[i] * values[i];
    }
    return squares;
  }

  @Test
  void score_ofSquares_isTheMeanOverRowAndColumn() {
    Map<String, float[]> values =
        Map.of("first", squares(3, 4, 1, 0), "second", squares(1, 0, 2, 2));

    float[] raw =
        hidden(
            new GroupScore(Reduction.SUM, Signs.EACH, Reduction.MEAN, Normalisation.NONE), values);
    float[] normalised =
        hidden(
            new GroupScore(Reduction.SUM, Signs.EACH, Reduction.MEAN, Normalisation.MEAN), values);

    assertThat(raw).containsExactly(15f, 2.5f);
    assertThat(normalised).containsExactly(new float[] {1.714286f, .285714f}, within(1e-6f));
  }

  /** {@code reduction = squares, member-reduction = mean} of magnitudes. */
  @Test
  void score_ofSquaresOfMagnitudes_isThatOfTheirSquares() {
    GroupScore score =
        new GroupScore(Reduction.SQUARES, Signs.EACH, Reduction.MEAN, Normalisation.MEAN);

    float[] scores =
        hidden(
            score, Map.of("first", new float[] {3, 4, 1, 0}, "second", new float[] {1, 0, 2, 2}));

    assertThat(scores).containsExactly(new float[] {1.714286f, .285714f}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({
    "SUM, EACH, 7, 3",
    "SUM, RESULT, 1, 1",
    "MEAN, EACH, 3.5, 1.5",
    "MEAN, RESULT, .5, .5",
    "MAX, EACH, 4, 2",
    "MAX, RESULT, 3, 2",
    "L2, EACH, 5, 2.236068",
    "SQUARES, EACH, 25, 5",
    "L2, RESULT, 5, 2.236068",
  })
  void score_ofOneMember_reducesItsSlice(
      Reduction slice, Signs magnitude, float first, float second) {
    GroupScore score = new GroupScore(slice, magnitude, Reduction.MEAN, Normalisation.NONE);

    float[] scores = hidden(score, Map.of("first", new float[] {3, -4, -1, 2}));

    assertThat(scores).containsExactly(new float[] {first, second}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"SUM, 8, 6", "MEAN, 4, 3", "MAX, 7, 4", "L2, 7.071068, 4.472136", "SQUARES, 50, 20"})
  void score_ofTwoMembers_reducesThem(Reduction members, float first, float second) {
    GroupScore score = new GroupScore(Reduction.SUM, Signs.EACH, members, Normalisation.NONE);

    float[] scores =
        hidden(
            score, Map.of("first", new float[] {3, 4, 1, 1}, "second", new float[] {1, 2, 0, 2}));

    assertThat(scores).containsExactly(new float[] {first, second}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"NONE, 6, 2", "MEAN, 1.5, .5", "SUM, .75, .25", "MAX, 1, .3333333"})
  void score_normalised_isDivided(Normalisation normalisation, float first, float second) {
    GroupScore score = new GroupScore(Reduction.SUM, Signs.EACH, Reduction.SUM, normalisation);

    float[] scores = hidden(score, Map.of("first", new float[] {5, 1, 1, 1}));

    assertThat(scores).containsExactly(new float[] {first, second}, within(1e-6f));
    assertThat(hidden(score, Map.of("first", new float[4]))).containsExactly(0, 0);
  }

  @Test
  void score_ofAMiddleAxis_sumsAllThatBelongsToItsIndices() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort image = Chains.connect(wiring, "conv", wiring.channels(1), 2);
    ChannelPort pair = wiring.repeated(image, 2);
    wiring.index(Chains.shape("next", 2, 4, 3), 1, pair);
    float[] next = new float[24];
    for (int i = 0; i < next.length; i++) {
      next[i] = i;
    }
    GroupScore score = new GroupScore(Reduction.SUM, Signs.EACH, Reduction.SUM, Normalisation.NONE);

    Groups groups = wiring.groups();
    float[] scores = score.of(groups, of(Map.of("next", next)), groups.allKept()).get(1);

    assertThat(scores).containsExactly(15 + 87, 51 + 123);
  }

  @Test
  void score_ofPrunableGroupWhereNothingCounts_isRefused() {
    GroupScore score = new GroupScore(Reduction.SUM, Signs.EACH, Reduction.SUM, Normalisation.MEAN);

    assertThatThrownBy(() -> score.of(TWO_BY_TWO, id -> Optional.empty(), TWO_BY_TWO.allKept()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first axis 0, second axis 1");
    assertThatThrownBy(() -> hidden(score, Map.of("first", new float[3])))
        .hasMessage("there must be a score for each value: parameter=first, values=4, scores=3");
  }

  @Test
  void score_ofGroupThatMustStay_isZeroWhereNothingCounts() {
    GroupScore score = new GroupScore(Reduction.SUM, Signs.EACH, Reduction.SUM, Normalisation.MEAN);
    Groups groups = TWO_BY_TWO;

    Group output = groups.all().get(2);
    assertThat(output.isPrunable()).isFalse();
    assertThat(
            score
                .of(groups, of(Map.of("first", new float[] {1, 1, 1, 1})), groups.allKept())
                .get(2))
        .containsExactly(0, 0);
  }
}
