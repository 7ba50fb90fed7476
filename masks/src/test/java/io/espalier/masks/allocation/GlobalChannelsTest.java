package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class GlobalChannelsTest {
  private static final Allocation GLOBAL = new GlobalAllocation().create(Recipes.GLOBAL);

  /** Weights 20×a, a×b, b×5 of two hidden groups. */
  private static Groups hidden(int a, int b) {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort example = wiring.channels(20);
    ChannelPort first = Chains.connect(wiring, "first", example, a);
    ChannelPort second = Chains.connect(wiring, "second", first, b);
    ChannelPort last = Chains.connect(wiring, "last", second, 5);
    wiring.forbid(example, PruningConstraint.NETWORK_INPUT);
    wiring.forbid(last, PruningConstraint.NETWORK_OUTPUT);
    return wiring.groups();
  }

  private static List<float[]> scores(Groups groups, float[] first, float[] second) {
    List<float[]> scores = new ArrayList<>();
    groups.all().forEach(group -> scores.add(new float[group.channels()]));
    scores.set(1, first);
    scores.set(2, second);
    return scores;
  }

  private static List<Integer> kept(List<Mask> masks) {
    return masks.stream().map(Mask::kept).toList();
  }

  @Test
  void keep_underABudgetOfValues_removesTheWorstOfAllGroupsFirst() {
    Groups groups = hidden(3, 2);
    Cost cost = Cost.of(groups, id -> 1);
    RankedChannels ranking =
        RankedChannels.of(
            groups, scores(groups, new float[] {5, 1, 3}, new float[] {2, 4}), WidthLimits.NONE);

    assertThat(cost.dense()).isEqualTo(60 + 6 + 10);
    assertThat(kept(ranking.keep(GLOBAL, cost, 76))).containsExactly(20, 3, 2, 5);
    assertThat(kept(ranking.keep(GLOBAL, cost, 75))).containsExactly(20, 2, 2, 5);
    assertThat(kept(ranking.keep(GLOBAL, cost, 54))).containsExactly(20, 2, 2, 5);
    List<Mask> masks = ranking.keep(GLOBAL, cost, 53);
    assertThat(kept(masks)).containsExactly(20, 2, 1, 5);
    assertThat(masks.get(1)).isEqualTo(Mask.of(3, channel -> channel != 1));
    assertThat(masks.get(2)).isEqualTo(Mask.of(2, channel -> channel == 1));
  }

  @Test
  void keep_amongEqualScores_removesTheEarlierGroupAndChannelFirst() {
    Groups groups = hidden(3, 3);
    RankedChannels ranking =
        RankedChannels.of(
            groups,
            scores(groups, new float[] {1, 1, 1}, new float[] {1, -0f, 1}),
            WidthLimits.NONE);
    Cost channels = Cost.of(groups, id -> id.name().equals("second") ? 1 : 0);

    List<Mask> masks = ranking.keep(GLOBAL, channels, 4);

    assertThat(masks.get(1)).isEqualTo(Mask.of(3, channel -> channel != 0));
    assertThat(masks.get(2)).isEqualTo(Mask.of(3, channel -> channel != 1));
  }

  @Test
  void keep_withACap_takesFromOthersWhatOneMayNotLose() {
    Groups groups = hidden(4, 4);
    float[] low = {1, 2, 3, 4};
    float[] high = {5, 6, 7, 8};
    Cost cost = Cost.of(groups, id -> id.name().equals("second") ? 1 : 0);

    WidthLimits half = new WidthLimits(0.5, 1, 1);
    WidthLimits three = new WidthLimits(1, 3, 1);

    assertThat(
            kept(RankedChannels.of(groups, scores(groups, low, high), half).keep(GLOBAL, cost, 4)))
        .containsExactly(20, 2, 2, 5);
    assertThat(
            kept(RankedChannels.of(groups, scores(groups, low, high), three).keep(GLOBAL, cost, 9)))
        .containsExactly(20, 3, 3, 5);
  }

  @Test
  void keep_withAMultiple_roundsWidthsDown() {
    Groups groups = hidden(10, 3);
    Cost cost = Cost.of(groups, id -> id.name().equals("first") ? 1 : 0);
    float[] ascending = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    RankedChannels ranking =
        RankedChannels.of(
            groups, scores(groups, ascending, new float[] {10, 10, 10}), new WidthLimits(1, 1, 4));

    assertThat(ranking.keep(GLOBAL, cost, 199).get(1))
        .isEqualTo(Mask.of(10, channel -> channel >= 2));
    assertThat(ranking.keep(GLOBAL, cost, 159).get(1))
        .isEqualTo(Mask.of(10, channel -> channel >= 6));
    assertThat(kept(ranking.keep(GLOBAL, cost, 80))).containsExactly(20, 4, 3, 5);
  }

  @Test
  void keep_underABudgetThatTheLimitsExceed_isRefused() {
    Groups groups = hidden(4, 4);
    RankedChannels ranking =
        RankedChannels.of(groups, scores(groups, new float[4], new float[4]), WidthLimits.NONE);

    assertThat(kept(ranking.keep(GLOBAL, Cost.of(groups, id -> 1), 26)))
        .containsExactly(20, 1, 1, 5);
    assertThatThrownBy(() -> ranking.keep(GLOBAL, Cost.of(groups, id -> 1), 25))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget=25, least=26");
  }

  @Test
  void limits_ofAShareAboveOne_areRefused() {
    assertThatThrownBy(() -> new WidthLimits(1.5, 1, 1)).hasMessageContaining("maxRatio=1.5");
  }

  /** Every number of worst channels, each tried on its own, until one costs little enough. */
  private static List<Mask> bruteForce(
      Groups groups, List<float[]> scores, WidthLimits limits, long price, long budget) {
    List<int[]> order = new ArrayList<>();
    for (Group group : groups.all()) {
      for (int channel = 0; group.isPrunable() && channel < group.channels(); channel++) {
        order.add(new int[] {group.id(), channel});
      }
    }
    order.sort(Comparator.comparingDouble(each -> scores.get(each[0])[each[1]]));
    for (int prefix = 0; prefix <= order.size(); prefix++) {
      List<Mask> masks = afterRemoving(groups, limits, order, prefix);
      if (costOf(groups, masks, price) <= budget) {
        return masks;
      }
    }
    throw new AssertionError("no prefix fits");
  }

  private static List<Mask> afterRemoving(
      Groups groups, WidthLimits limits, List<int[]> order, int prefix) {
    List<Mask> masks = new ArrayList<>();
    for (Group group : groups.all()) {
      List<Integer> worst =
          order.stream().filter(each -> each[0] == group.id()).map(each -> each[1]).toList();
      int removed =
          (int) order.stream().limit(prefix).filter(each -> each[0] == group.id()).count();
      int width = group.channels() - removed;
      if (removed > 0) {
        while (width % limits.roundTo() != 0) {
          width--;
        }
        int least = Math.max(limits.minChannels(), (group.channels() + 1) / 2);
        while (width < least || width == 0 || width % limits.roundTo() != 0) {
          width++;
        }
        width = Math.min(width, group.channels());
      }
      List<Integer> gone = worst.subList(0, group.channels() - width);
      masks.add(Mask.of(group.channels(), channel -> !gone.contains(channel)));
    }
    return masks;
  }

  /** By the shapes of what is left. */
  private static long costOf(Groups groups, List<Mask> masks, long price) {
    return groups.cut(Layout.dense(groups.parameters()), masks).shapes().stream()
        .mapToLong(shape -> shape.size() * price(shape, price))
        .sum();
  }

  private static long price(ParameterShape shape, long price) {
    return shape.id().name().equals("first") ? price : 1;
  }

  @Property(tries = 500, seed = "1")
  void keep_ofAnyScoresAndLimits_isWhatBruteForceFinds(
      @ForAll @IntRange(min = 2, max = 9) int first,
      @ForAll @IntRange(min = 2, max = 9) int second,
      @ForAll @IntRange(min = 1, max = 4) int least,
      @ForAll @IntRange(min = 1, max = 3) int multiple,
      @ForAll @IntRange(min = 0, max = 3) int price,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll long seed) {
    Groups groups = hidden(first, second);
    Random random = new Random(seed);
    List<float[]> scores = scores(groups, some(random, first), some(random, second));
    WidthLimits limits = new WidthLimits(0.5, least, multiple);
    Cost cost = Cost.of(groups, id -> id.name().equals("first") ? price : 1);
    long floor = costOf(groups, afterRemovingAll(groups, limits), price);
    long budget = floor + (long) (share * (cost.dense() - floor));

    List<Mask> masks = RankedChannels.of(groups, scores, limits).keep(GLOBAL, cost, budget);

    assertThat(masks).isEqualTo(bruteForce(groups, scores, limits, price, budget));
    assertThat(cost.of(kept(masks)))
        .isEqualTo(costOf(groups, masks, price))
        .isLessThanOrEqualTo(budget);
  }

  private static List<Mask> afterRemovingAll(Groups groups, WidthLimits limits) {
    List<int[]> order = new ArrayList<>();
    for (Group group : groups.all()) {
      for (int channel = 0; group.isPrunable() && channel < group.channels(); channel++) {
        order.add(new int[] {group.id(), channel});
      }
    }
    return afterRemoving(groups, limits, order, order.size());
  }

  private static float[] some(Random random, int count) {
    float[] scores = new float[count];
    for (int i = 0; i < count; i++) {
      scores[i] = random.nextInt(6) / 2f;
    }
    return scores;
  }
}
