package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds for every way to share a budget, and what each does by itself. */
final class ChannelAllocationsTest {
  private static final Allocation UNIFORM = new EqualShares();
  private static final Allocation KNAPSACK = new KnapsackChannels(1);
  private static final Allocation ER =
      new ErdosRenyi("er", false).create(MemberSettings.of("er").with("power", 1.0));
  private static final Allocation ERK =
      new ErdosRenyi("erk", true).create(MemberSettings.of("erk").with("power", 1.0));

  /** A chain of weights [next, width] from an input of 3 to an output of 2. */
  private static Groups chain(int... hidden) {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort port = wiring.channels(3);
    wiring.forbid(port, PruningConstraint.NETWORK_INPUT);
    for (int h = 0; h < hidden.length; h++) {
      port = Chains.connect(wiring, "w" + h, port, hidden[h]);
    }
    ChannelPort last = Chains.connect(wiring, "last", port, 2);
    wiring.forbid(last, PruningConstraint.NETWORK_OUTPUT);
    return wiring.groups();
  }

  private static List<float[]> random(Groups groups, Random random) {
    List<float[]> all = new ArrayList<>();
    for (Group group : groups.all()) {
      float[] scores = new float[group.channels()];
      for (int channel = 0; channel < scores.length; channel++) {
        scores[channel] = random.nextInt(20) / 4f;
      }
      all.add(scores);
    }
    return all;
  }

  private static List<Integer> widths(List<Mask> kept) {
    return kept.stream().map(Mask::kept).toList();
  }

  @Provide
  Arbitrary<Allocation> allocations() {
    return Arbitraries.of(
        new GlobalAllocation().create(Recipes.GLOBAL),
        new EqualShares(),
        new KnapsackChannels(1),
        new KnapsackChannels(2),
        new KnapsackChannels(3),
        new LampAllocation().create(MemberSettings.of("lamp")),
        ER,
        ERK,
        Allocations.of(Recipes.GLOBAL.with("normalize", "min-max")),
        Allocations.of(MemberSettings.of("precropping").with("densities", "erk")),
        new LayerDensities(Map.of(new ParameterId("w0"), 1.0, new ParameterId("w1"), 2.0), .3, 0));
  }

  @Property(tries = 1000, seed = "1")
  void keep_ofAnything_staysWithinBudgetCandidatesAndLimits(
      @ForAll("allocations") Allocation allocation,
      @ForAll @IntRange(min = 2, max = 12) int first,
      @ForAll @IntRange(min = 2, max = 12) int second,
      @ForAll @IntRange(min = 1, max = 3) int least,
      @ForAll @IntRange(min = 1, max = 4) int multiple,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 0, max = 1) double later,
      @ForAll boolean soft,
      @ForAll long seed) {
    // Given
    Groups groups = chain(first, second, first);
    Cost cost = Cost.of(groups, id -> id.name().equals("w1") ? 7 : 1);
    WidthLimits limits = new WidthLimits(.75, least, multiple);
    Random random = new Random(seed);
    long floor =
        cost.of(groups.all().stream().map(each -> allocation.least(each, limits)).toList());
    long budget = floor + (long) (share * (cost.dense() - floor));
    long next = floor + (long) (later * (budget - floor));

    // When
    List<Mask> before =
        RankedChannels.of(groups, random(groups, random), limits).keep(allocation, cost, budget);
    List<Mask> candidates = soft ? groups.allKept() : before;
    RankedChannels again =
        new RankedChannels(groups, random(groups, random), candidates, widths(before), limits);
    List<Mask> after = again.keep(allocation, cost, next);

    // Then
    assertThat(cost.of(widths(before))).isLessThanOrEqualTo(budget);
    assertThat(cost.of(widths(after))).isLessThanOrEqualTo(next);
    for (Group group : groups.all()) {
      Mask kept = after.get(group.id());
      assertThat(kept.andNot(candidates.get(group.id())).kept()).isZero();
      assertThat(limits.allows(group, kept.kept())).isTrue();
      assertThat(group.isPrunable() || kept.pruned() == 0).isTrue();
    }
    assertThat(again.keep(allocation, cost, next)).isEqualTo(after);
  }

  @Property(tries = 200, seed = "1")
  void keep_withinABudgetThatAllCandidatesFit_keepsThemAll(
      @ForAll("allocations") Allocation allocation, @ForAll long seed) {
    Groups groups = chain(6, 9);
    Cost cost = Cost.of(groups, id -> 1);
    Random random = new Random(seed);
    List<Mask> candidates =
        groups.all().stream()
            .map(
                group ->
                    Mask.of(
                        group.channels(),
                        c -> !group.isPrunable() || c == 1 || random.nextBoolean()))
            .toList();
    RankedChannels ranking =
        new RankedChannels(
            groups, random(groups, random), candidates, widths(candidates), WidthLimits.NONE);

    assertThat(ranking.keep(allocation, cost, cost.of(widths(candidates)))).isEqualTo(candidates);
    assertThatThrownBy(() -> ranking.keep(allocation, cost, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget=5, least=");
  }

  @Test
  void uniform_takesTheSmallestShareThatFits_andGivesTheRestToTheEarlier() {
    // Given 3×8 + 8×4 + 4×2 = 64
    Groups groups = chain(8, 4);
    Cost cost = Cost.of(groups, id -> 1);
    RankedChannels ranking =
        RankedChannels.of(groups, random(groups, new Random(1)), WidthLimits.NONE);

    // Then a quarter of each is 18 + 18 + 6 = 42, and one of the first more is 21 + 21 + 6 = 48
    assertThat(widths(ranking.keep(UNIFORM, cost, 64))).containsExactly(3, 8, 4, 2);
    assertThat(widths(ranking.keep(UNIFORM, cost, 42))).containsExactly(3, 6, 3, 2);
    assertThat(widths(ranking.keep(UNIFORM, cost, 48))).containsExactly(3, 7, 3, 2);
    assertThat(widths(ranking.keep(UNIFORM, cost, 41))).containsExactly(3, 5, 3, 2);
  }

  /**
   * Weights [8, 3] and [4, 8] have raw densities 11/24 and 12/32, so that channels are kept as
   * 3.667 to 1.5: of 9 in all they share 6.387 and 2.613.
   */
  @Test
  void er_keepsChannelsByTheDensitiesOfTheWeightsThatGiveThem() {
    Groups groups = chain(8, 4);
    Cost cost = Cost.of(groups, id -> 1);
    RankedChannels ranking =
        RankedChannels.of(groups, random(groups, new Random(1)), WidthLimits.NONE);

    // 3·6 + 6·3 + 3·2 = 42 for 9 channels, 3·7 + 7·3 + 3·2 = 48 for 10, 3·6 + 6·2 + 2·2 = 34 for 8
    assertThat(widths(ranking.keep(ER, cost, 42))).containsExactly(3, 6, 3, 2);
    assertThat(widths(ranking.keep(ER, cost, 47))).containsExactly(3, 6, 3, 2);
    assertThat(widths(ranking.keep(ER, cost, 48))).containsExactly(3, 7, 3, 2);
    assertThat(widths(ranking.keep(ER, cost, 41))).containsExactly(3, 6, 2, 2);
    assertThat(widths(ranking.keep(ER, cost, 64))).containsExactly(3, 8, 4, 2);
  }

  /** Every number of channels, each shared out on its own, from all of them down. */
  @Property(tries = 200, seed = "1")
  void er_keepsTheMostChannelsWhoseSharesFit(
      @ForAll @IntRange(min = 2, max = 20) int first,
      @ForAll @IntRange(min = 2, max = 20) int second,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    Groups groups = chain(first, second);
    Cost cost = Cost.of(groups, id -> 1);
    long least = cost.of(List.of(3, 1, 1, 2));
    long limit = least + (long) (share * (cost.dense() - least));

    List<Integer> found =
        widths(
            RankedChannels.of(groups, random(groups, new Random(1)), WidthLimits.NONE)
                .keep(ER, cost, limit));

    double a = (3. + first) / (3 * first) * first;
    double b = (first + second) / ((double) first * second) * second;
    List<Integer> expected = List.of();
    for (int kept = first + second; expected.isEmpty(); kept--) {
      double one = Math.max(kept - second, Math.min(first, kept * a / (a + b)));
      one = Math.max(1, Math.min(kept - 1, one));
      double other = kept - one;
      int whole = (int) (one + 1e-9);
      int narrow = (int) (other + 1e-9);
      int missing = kept - whole - narrow;
      boolean toFirst = missing > 0 && one - whole >= other - narrow - 1e-9;
      List<Integer> widths =
          List.of(3, whole + (toFirst ? missing : 0), narrow + (toFirst ? 0 : missing), 2);
      expected = cost.of(widths) <= limit ? widths : List.of();
    }
    assertThat(found).isEqualTo(expected);
  }

  /** Of 64 channels each, 45, 32 and 20 take the place of densities .5, .25 and .1. */
  @Test
  void precropping_ofTheWorkedDensities_hasTheWorkedWidths() {
    List<ParameterShape> shapes =
        List.of(
            Networks.shape("a", 64, 2), Networks.shape("b", 64, 4), Networks.shape("c", 64, 10));
    Budget budget =
        new Budget(
            shapes, List.of(64, 64, 64), 1 - 97 / 192., 97, List.of(1, 1, 1), List.of(64, 64, 64));
    Ranking ranking =
        Ranking.ofMagnitudes(
            List.of(new float[64], new float[64], new float[64]),
            List.of(Mask.allKept(64), Mask.allKept(64), Mask.allKept(64)));

    Allocation widths = PrecroppingAllocation.widths(shape -> 1. / shape.dimensions().get(1));

    assertThat(widths.counts(budget, ranking)).containsExactly(45, 32, 20);
  }

  /** Raw densities 11/24 and 12/32: widths as 8 · .677003 to 4 · .612372. */
  @Test
  void precropping_byEr_keepsRootsOfItsDensities() {
    Groups groups = chain(8, 4);
    Cost cost = Cost.of(groups, id -> 1);
    RankedChannels ranking =
        RankedChannels.of(groups, random(groups, new Random(1)), WidthLimits.NONE);
    Allocation roots = Allocations.of(MemberSettings.of("precropping").with("densities", "er"));

    // 5.416026 to 2.44949: of 8 in all 5.51 and 2.49, of 9 in all 6.20 and 2.80
    assertThat(widths(ranking.keep(roots, cost, 42))).containsExactly(3, 6, 3, 2);
    assertThat(widths(ranking.keep(roots, cost, 41))).containsExactly(3, 6, 2, 2);
  }

  @Test
  void uniform_keepsTheBestOfEachGroup() {
    Groups groups = chain(4);
    List<float[]> scores = random(groups, new Random(1));
    scores.get(1)[0] = 1;
    scores.get(1)[1] = 9;
    scores.get(1)[2] = 1;
    scores.get(1)[3] = 8;

    List<Mask> kept =
        RankedChannels.of(groups, scores, WidthLimits.NONE)
            .keep(UNIFORM, Cost.of(groups, id -> 1), 15);

    assertThat(kept.get(1)).isEqualTo(Mask.of(4, channel -> channel != 0));
  }

  /** All widths of both hidden groups, the best of each. */
  private static double bestOfTwo(Groups groups, List<float[]> scores, Cost cost, long budget) {
    double best = 0;
    for (int a = 1; a <= groups.all().get(1).channels(); a++) {
      for (int b = 1; b <= groups.all().get(2).channels(); b++) {
        if (cost.of(List.of(3, a, b, 2)) <= budget) {
          best = Math.max(best, top(scores.get(1), a) + top(scores.get(2), b));
        }
      }
    }
    return best;
  }

  private static double top(float[] scores, int count) {
    float[] sorted = scores.clone();
    java.util.Arrays.sort(sorted);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += sorted[sorted.length - 1 - i];
    }
    return sum;
  }

  private static double value(List<float[]> scores, List<Mask> kept) {
    double[] sum = {0};
    for (int g = 1; g <= 2; g++) {
      float[] each = scores.get(g);
      kept.get(g).forEachKept(channel -> sum[0] += each[channel]);
    }
    return sum[0];
  }

  @Property(tries = 300, seed = "1")
  void knapsack_ofTwoGroupsThatCross_isNearTheBestOfAllWidths(
      @ForAll @IntRange(min = 2, max = 12) int first,
      @ForAll @IntRange(min = 2, max = 12) int second,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll long seed) {
    Groups groups = chain(first, second);
    Cost cost = Cost.of(groups, id -> 1);
    List<float[]> scores = random(groups, new Random(seed));
    long least = cost.of(List.of(3, 1, 1, 2));
    long budget = least + (long) (share * (cost.dense() - least));

    List<Mask> kept =
        RankedChannels.of(groups, scores, WidthLimits.NONE).keep(KNAPSACK, cost, budget);

    assertThat(value(scores, kept))
        .isGreaterThanOrEqualTo(.75 * bestOfTwo(groups, scores, cost, budget));
  }

  @Test
  void knapsack_whereGroupsDoNotCross_isTheBestOfAllWidths() {
    // Given two branches that are added up: their costs do not depend on each other
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort example = wiring.channels(3);
    ChannelPort left = Chains.connect(wiring, "left", example, 5);
    ChannelPort right = Chains.connect(wiring, "right", example, 4);
    ChannelPort one = Chains.connect(wiring, "one", left, 2);
    ChannelPort other = Chains.connect(wiring, "other", right, 6);
    List.of(example, one, other)
        .forEach(port -> wiring.forbid(port, PruningConstraint.NETWORK_OUTPUT));
    Groups groups = wiring.groups();
    Cost cost = Cost.of(groups, id -> id.name().equals("one") || id.name().equals("other") ? 1 : 0);
    List<float[]> scores = random(groups, new Random(1));
    scores.set(1, new float[] {5, 1, 4, 2, 3});
    scores.set(2, new float[] {9, 4, 9, 4});

    // When 2 for each of the left and 6 for each of the right
    List<Mask> kept = RankedChannels.of(groups, scores, WidthLimits.NONE).keep(KNAPSACK, cost, 20);

    // Then four of the left and two of the right: 14 + 18 for 20
    assertThat(kept.get(1)).isEqualTo(Mask.of(5, channel -> channel != 1));
    assertThat(kept.get(2)).isEqualTo(Mask.of(4, channel -> channel % 2 == 0));
  }

  @Test
  void knapsack_ofWholeLayers_isTheBestOfThoseThatMayGo() {
    List<ParameterShape> layers =
        List.of(
            new ParameterShape(new ParameterId("a"), List.of(2, 3)),
            new ParameterShape(new ParameterId("b"), List.of(2, 2)),
            new ParameterShape(new ParameterId("c"), List.of(1, 3)));
    Groups groups =
        Groups.ofUnits(
            layers,
            layers.stream()
                .map(layer -> new Groups.Unit(List.of(layer), Optional.empty()))
                .toList());
    List<float[]> scores = List.of(new float[] {6}, new float[] {4}, new float[] {3});

    // When 7 of 6, 4 and 3 weights may stay
    List<Mask> kept =
        RankedChannels.of(groups, scores, WidthLimits.NONE)
            .keep(KNAPSACK, Cost.of(groups, id -> 1), 7);

    assertThat(widths(kept)).containsExactly(0, 1, 1);
  }

  @Test
  void knapsack_afterNarrowWidths_holdsTheBudgetWithTheNewOnes() {
    // Given a→b of cost a·b, where 2·1 channels are there: with those, 2 and 2 would cost 4, not 6
    Groups groups = chain(3, 2);
    Cost cost = Cost.of(groups, id -> id.name().equals("w0") ? 0 : 1);
    List<float[]> scores = random(groups, new Random(1));
    scores.set(1, new float[] {3, 3, 1});
    scores.set(2, new float[] {4, 4});
    RankedChannels ranking =
        new RankedChannels(groups, scores, groups.allKept(), List.of(3, 2, 1, 2), WidthLimits.NONE);

    List<Mask> kept = ranking.keep(KNAPSACK, cost, 6);

    assertThat(cost.of(widths(kept))).isLessThanOrEqualTo(6);
    assertThat(value(scores, kept)).isEqualTo(bestOfTwo(groups, scores, cost, 6));
  }

  @Test
  void knapsack_inChunks_keepsNeighboursTogether() {
    Groups groups = chain(6);
    List<float[]> scores = random(groups, new Random(1));
    scores.set(1, new float[] {9, 0, 3, 3, 4, 4});

    List<Mask> kept =
        RankedChannels.of(groups, scores, WidthLimits.NONE)
            .keep(new KnapsackChannels(2), Cost.of(groups, id -> 1), 22);

    assertThat(kept.get(1)).isEqualTo(Mask.of(6, channel -> channel < 2 || channel > 3));
  }

  @Test
  void least_inChunksThatDoNotFit_isTheWorstOfTheirOrders() {
    Groups groups = chain(7);
    Group group = groups.all().get(1);

    assertThat(new KnapsackChannels(3).least(group, WidthLimits.NONE)).isEqualTo(3);
    assertThat(new KnapsackChannels(3).least(group, new WidthLimits(1, 4, 1))).isEqualTo(6);
    assertThat(new KnapsackChannels(3).least(group, new WidthLimits(1, 1, 3))).isEqualTo(7);
    assertThat(new KnapsackChannels(8).least(group, WidthLimits.NONE)).isEqualTo(7);
    assertThat(KNAPSACK.least(groups.all().get(0), WidthLimits.NONE)).isEqualTo(3);
  }

  @Test
  void multiple_ofCandidatesThatAreNone_isKeptAllTheSame() {
    Groups groups = chain(10);
    List<float[]> scores = random(groups, new Random(5));
    List<Mask> candidates =
        groups.all().stream()
            .map(group -> Mask.of(group.channels(), channel -> !group.isPrunable() || channel != 3))
            .toList();
    List<Integer> present = candidates.stream().map(Mask::kept).toList();
    RankedChannels ranking =
        new RankedChannels(groups, scores, candidates, present, new WidthLimits(1, 1, 4));
    Cost cost = Cost.of(groups, id -> 1);

    for (Allocation allocation :
        List.of(UNIFORM, KNAPSACK, new GlobalAllocation().create(Recipes.GLOBAL))) {
      List<Mask> kept = ranking.keep(allocation, cost, cost.dense() * 95 / 100);

      for (Group group : groups.all()) {
        if (group.isPrunable()) {
          assertThat(kept.get(group.id()).kept()).as("%s", allocation).isEqualTo(8);
        }
      }
    }
  }
}
