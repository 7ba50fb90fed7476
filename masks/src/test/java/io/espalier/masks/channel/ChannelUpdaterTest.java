package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.ChannelScoring.Members;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Kinds;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.NormScales;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightStatistic;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class ChannelUpdaterTest {
  private static final MemberSettings TAYLOR = MemberSettings.of("taylor").with("batches", 1);

  /** Two weights [2, 3] and [3, 2]… of a hidden layer of channels, seen from both sides. */
  private static final Groups GROUPS = Chains.linear(2, 3, 2);

  private static final List<ParameterId> IDS =
      GROUPS.parameters().stream().map(ParameterShape::id).toList();

  private static PruneConfig config(
      MemberSettings score, MemberSettings allocation, Members members, Signs signs) {
    return new PruneConfig(
        new TargetConfig(.5, 0, List.of()),
        new GranularityConfig.Channel(
            new BudgetConfig.Parameters(),
            new ChannelScoring(
                GranularityConfig.Reduction.SUM,
                GranularityConfig.Reduction.SUM,
                members,
                signs,
                ChannelScoring.Normalisation.NONE),
            new ChannelLimits(1, 1, 1),
            NormScaling.NONE,
            new CuttingConfig(CuttingConfig.When.LIVE, new Span.Steps(0))),
        new RankingConfig(score, allocation, MemberSettings.of("free")),
        MemberSettings.of("constant"),
        Kinds.soft(0));
  }

  private static PruneConfig config(MemberSettings score, MemberSettings allocation) {
    return config(score, allocation, Members.ALL, Signs.EACH);
  }

  private static ChannelUpdater updater(PruneConfig config, Groups groups) {
    return ChannelUpdater.of(config, 42, groups, Cost.of(groups, id -> 1));
  }

  private static List<Mask> hidden(String bits) {
    List<Mask> masks = new ArrayList<>(GROUPS.allKept());
    masks.set(1, Networks.mask(bits));
    return masks;
  }

  private static Layout dense(Groups groups) {
    return Layout.dense(groups.parameters());
  }

  /** Only the weight that gives channels counts, and channel 1 is the one between the others. */
  @Test
  void scores_ofTheGeometricMedian_areDistancesBetweenFilters() {
    // Given first = W of [3 channels, 2 inputs]: (0, 0), (3, 4) and (6, 8)
    List<float[]> weights = List.of(new float[] {0, 0, 3, 4, 6, 8}, new float[] {9, 8, 7, 6, 5, 4});
    PruneConfig config = config(MemberSettings.of("geometric-median"), Recipes.GLOBAL);
    List<Mask> all = GROUPS.allKept();

    List<float[]> scores =
        new ChannelScores(config, 1, GROUPS)
            .of(dense(GROUPS), scored(GROUPS, weights, Statistics.none()), all, all);

    assertThat(scores.get(1)).containsExactly(new float[] {15, 10, 15}, within(1e-6f));
  }

  /**
   * Of the norm behind the weight that gives channels; readers do not count though they are named.
   */
  @Test
  void scores_ofNormScales_areTheirSizes() {
    PruneConfig config =
        config(MemberSettings.of("batch-norm-scale"), Recipes.GLOBAL, Members.READERS, Signs.EACH);
    Statistics scales =
        Statistics.none()
            .withArrays(NormScales.REQUEST, List.of(new float[] {.5f, -2, 0}, new float[] {9, 9}));
    List<float[]> weights = List.of(new float[6], new float[6]);
    List<Mask> all = GROUPS.allKept();

    List<float[]> scores =
        new ChannelScores(config, 1, GROUPS)
            .of(dense(GROUPS), scored(GROUPS, weights, scales), all, all);

    assertThat(scores.get(1)).containsExactly(.5f, 2, 0);
  }

  /** SMCP's worked importance: [.4, .4, .4], and [.1, .4, .2] where the second output is pruned. */
  @Test
  void scores_ofSignedTaylor_areTheWorkedOnes() {
    // Given second = W of [2 outputs, 3 channels]
    List<float[]> weights = List.of(new float[6], new float[] {1, -2, .5f, .3f, 0, -1});
    List<float[]> gradients = List.of(new float[6], new float[] {.1f, .2f, -.4f, 1, 5, .2f});
    PruneConfig config = config(TAYLOR, Recipes.GLOBAL, Members.READERS, Signs.RESULT);
    StatisticRequest request = ElementScores.of(config, 1).requests().get(0);
    Statistics statistics = Statistics.none().withArrays(request, gradients);
    ChannelScores scores = new ChannelScores(config, 1, GROUPS);

    // When
    List<Mask> all = GROUPS.allKept();
    List<Mask> second = new ArrayList<>(all);
    second.set(2, Networks.mask("10"));
    float[] whole = scores.of(dense(GROUPS), scored(GROUPS, weights, statistics), all, all).get(1);
    float[] without =
        scores.of(dense(GROUPS), scored(GROUPS, weights, statistics), all, second).get(1);

    // Then
    assertThat(request.statistic()).isEqualTo(WeightStatistic.GRADIENT);
    assertThat(whole).containsExactly(new float[] {.4f, .4f, .4f}, within(1e-6f));
    assertThat(without).containsExactly(new float[] {.1f, .4f, .2f}, within(1e-6f));
  }

  @Test
  void scores_ofAllMembers_countWhatGivesAChannelToo() {
    List<float[]> weights = List.of(new float[] {1, 1, 2, 2, 3, 3}, new float[] {1, 0, 0, 1, 0, 0});
    List<Mask> all = GROUPS.allKept();

    assertThat(
            new ChannelScores(config(MemberSettings.of("magnitude"), Recipes.GLOBAL), 1, GROUPS)
                .of(dense(GROUPS), scored(GROUPS, weights, Statistics.none()), all, all)
                .get(1))
        .containsExactly(4, 4, 6);
    assertThat(
            new ChannelScores(
                    config(
                        MemberSettings.of("magnitude"),
                        Recipes.GLOBAL,
                        Members.READERS,
                        Signs.EACH),
                    1,
                    GROUPS)
                .of(dense(GROUPS), scored(GROUPS, weights, Statistics.none()), all, all)
                .get(1))
        .containsExactly(2, 0, 0);
  }

  /**
   * A filter of products .1 and .3 in two batches and a reader of −.4 and .4 sum up to −.3 and .7:
   * .29 is the mean square, where the square of the mean is .04.
   */
  @Test
  void scores_ofSummedTaylor_areMeanSquaresOfTheSumOfAllMembers() {
    MemberSettings score = MemberSettings.of("channel-taylor").with("batches", 1);
    PruneConfig all = config(score, Recipes.GLOBAL);
    PruneConfig readers = config(score, Recipes.GLOBAL, Members.READERS, Signs.EACH);
    // Given a batch of each of two trainers
    float[] given = {.1f, 0, 0, .3f, 0, 0};
    float[] beside = {0, 2, 0, 0, 0, 0};
    float[] read = {-.4f, 1, 0, .4f, 0, 0};
    StatisticRequest request = ElementScores.of(all, 1).requests().get(0);
    Statistics statistics =
        Statistics.none()
            .with(
                request,
                List.of(
                    List.of(given, new float[4], beside),
                    List.of(new float[4], read, new float[4])));
    List<ScoredParameter> scored = scored(GROUPS, List.of(new float[6], new float[6]), statistics);
    List<Mask> kept = GROUPS.allKept();

    // Then
    assertThat(new ChannelScores(all, 1, GROUPS).of(dense(GROUPS), scored, kept, kept).get(1))
        .containsExactly(new float[] {.29f, 4.5f, 0}, within(1e-6f));
    assertThat(new ChannelScores(readers, 1, GROUPS).of(dense(GROUPS), scored, kept, kept).get(1))
        .containsExactly(new float[] {.16f, .5f, 0}, within(1e-6f));
    assertThat(request.statistic().merge().of(List.of(new float[] {1}, new float[] {2})))
        .containsExactly(1, 2);
  }

  @Test
  void choose_underAHardMask_returnsNothing() {
    ChannelUpdater updater =
        updater(config(MemberSettings.of("magnitude"), Recipes.GLOBAL), GROUPS);
    List<float[]> weights = List.of(new float[] {9, 9, 5, 5, 1, 1}, new float[6]);

    ChannelUpdater.Choice choice =
        updater.choose(
            dense(GROUPS),
            scored(GROUPS, weights, Statistics.none()),
            hidden("011"),
            hidden("011"),
            2. / 3);

    assertThat(choice.kept()).isEqualTo(hidden("010"));
    assertThat(choice.share()).isEqualTo(1. / 3);
    ChannelUpdater.Choice all =
        updater.choose(
            dense(GROUPS),
            scored(GROUPS, weights, Statistics.none()),
            hidden("011"),
            hidden("011"),
            0);
    assertThat(all.kept()).isEqualTo(hidden("011"));
    assertThat(all.share()).isEqualTo(2. / 3);
    assertThat(all.scores().get(1)).containsExactly(0, 10, 2);
  }

  @Test
  void choose_underASoftMask_bringsAChannelBackThatOvertakesOthers() {
    ChannelUpdater updater =
        updater(
            config(
                MemberSettings.of("magnitude"),
                MemberSettings.of("knapsack").with("chunk", 1).with("macs", 1.0)),
            GROUPS);
    List<float[]> weights = List.of(new float[] {9, 9, 5, 5, 1, 1}, new float[6]);

    ChannelUpdater.Choice choice =
        updater.choose(
            dense(GROUPS),
            scored(GROUPS, weights, Statistics.none()),
            GROUPS.allKept(),
            hidden("011"),
            1. / 3);

    assertThat(choice.kept()).isEqualTo(hidden("110"));
  }

  /** What is cut, and what is only masked, makes no difference. */
  @Property(tries = 100, seed = "1")
  void choose_afterACut_isWhatItIsWithMasks(
      @ForAll @DoubleRange(min = .5, max = .8) double sparsity, @ForAll long seed) {
    // Given
    Groups groups = Chains.linear(5, 12, 4);
    List<Mask> kept = new ArrayList<>(groups.allKept());
    kept.set(1, Mask.of(12, channel -> channel % 2 == 1));
    Layout dense = dense(groups);
    Layout cut = groups.cut(dense, kept);
    List<float[]> weights = Networks.weights(groups.parameters(), seed);
    List<float[]> small = new ArrayList<>();
    for (int p = 0; p < 2; p++) {
      int[] places = AxisSlices.originalIndices(cut, IDS.get(p));
      float[] some = new float[places.length];
      for (int i = 0; i < places.length; i++) {
        some[i] = weights.get(p)[places[i]];
      }
      small.add(some);
    }
    ChannelUpdater updater =
        updater(config(MemberSettings.of("magnitude"), Recipes.GLOBAL), groups);

    // When
    ChannelUpdater.Choice masked =
        updater.choose(dense, scored(groups, weights, Statistics.none()), kept, kept, sparsity);
    ChannelUpdater.Choice cutOne =
        updater.choose(cut, scored(cut.shapes(), small, Statistics.none()), kept, kept, sparsity);

    // Then
    assertThat(cutOne.kept()).isEqualTo(masked.kept());
    assertThat(cutOne.share()).isEqualTo(masked.share());
    assertThat(masked.share()).isLessThanOrEqualTo(1 - sparsity);
  }

  @Test
  void choose_byChance_isOneDrawOfEachChannelForTheWholeRun() {
    Groups groups = Chains.linear(3, 200, 3);
    PruneConfig config = config(MemberSettings.of("random"), Recipes.GLOBAL);
    ChannelUpdater updater = updater(config, groups);

    List<Mask> half = choose(updater, groups, 1, .5);
    List<Mask> most = choose(updater, groups, 2, .9);

    assertThat(half.get(1).kept()).isEqualTo(100);
    assertThat(most.get(1).andNot(half.get(1)).kept()).isZero();
    assertThat(choose(updater, groups, 3, .5)).isEqualTo(half);
    assertThat(half.get(1)).isNotEqualTo(Mask.of(200, channel -> channel < 100));
    assertThat(
            choose(ChannelUpdater.of(config, 43, groups, Cost.of(groups, id -> 1)), groups, 1, .5))
        .isNotEqualTo(half);
  }

  private static List<ScoredParameter> scored(
      Groups groups, List<float[]> weights, Statistics statistics) {
    return scored(groups.parameters(), weights, statistics);
  }

  private static List<ScoredParameter> scored(
      List<ParameterShape> shapes, List<float[]> weights, Statistics statistics) {
    List<Mask> all = weights.stream().map(each -> Mask.allKept(each.length)).toList();
    return ScoredParameter.all(shapes, weights, all, 1, statistics);
  }

  private static List<Mask> choose(
      ChannelUpdater updater, Groups groups, long weightSeed, double sparsity) {
    List<float[]> weights = Networks.weights(groups.parameters(), weightSeed);
    return updater
        .choose(
            dense(groups),
            scored(groups, weights, Statistics.none()),
            groups.allKept(),
            groups.allKept(),
            sparsity)
        .kept();
  }

  @Test
  void sparsity_thatWouldEmptyALayer_isRefusedWithWhatIsPossible() {
    ChannelUpdater updater =
        updater(config(MemberSettings.of("magnitude"), MemberSettings.of("uniform")), GROUPS);

    updater.requirePossible(.6666);
    assertThatThrownBy(() -> updater.requirePossible(.7))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.sparsity")
        .hasMessageContaining("sparsity=0.7, budget=parameters, allowed=3 of 12, least=4")
        .hasMessageContaining("at most 0.6666");
  }
}
