package io.espalier.masks.allocation;

import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightUses;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The counts with the largest sum of scores whose weights take a share of the dense
 * multiply-accumulates, by Lagrangian relaxation (Everett, "Generalized Lagrange multiplier method
 * for solving problems of optimum allocation of resources", 1963): all weights are ranked by score
 * − λ · uses for the least λ that fits, and exchanges spend what that leaves of the limit. Their
 * sum is below the largest possible by less than the difference of two scores.
 *
 * @param macs share of the multiply-accumulates of prunable weights after the last update
 * @param sparsity of the last update; 0 where every update is
 * @param uses of one weight of each parameter; none of an allocation that is not an update's
 */
record KnapsackWeights(double macs, double sparsity, List<Long> uses) implements Allocation {
  KnapsackWeights(double macs) {
    this(macs, 0, List.of());
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(WeightUses.REQUEST);
  }

  @Override
  public Allocation endingAt(double last) {
    return new KnapsackWeights(macs, last, uses);
  }

  @Override
  public void requirePossible(Budget last, Statistics ofNetwork) {
    List<Long> each =
        IntStream.range(0, last.units().size())
            .mapToObj(p -> Math.round((double) ofNetwork.of(WeightUses.REQUEST, p).get(0)[0]))
            .toList();
    new MacsLimit(last, each).requirePossible(macs);
  }

  @Override
  public Allocation at(List<ScoredParameter> parameters) {
    return new KnapsackWeights(
        macs,
        sparsity,
        parameters.stream()
            .map(each -> Math.round((double) each.statistic(WeightUses.REQUEST)[0]))
            .toList());
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    MacsLimit costs = new MacsLimit(budget, uses);
    long limit = costs.at(macs, sparsity);
    List<Integer> unlimited = ranking.topCounts(budget.kept(), budget.floors());
    if (costs.of(unlimited::get) <= limit) {
      return unlimited;
    }
    return within(limit, costs, ranking);
  }

  private List<Integer> within(long limit, MacsLimit costs, Ranking ranking) {
    Budget budget = costs.budget();
    long[] perWeight = uses.stream().mapToLong(Long::longValue).toArray();
    List<SortedScores> scores =
        IntStream.range(0, perWeight.length)
            .mapToObj(p -> SortedScores.of(ranking.scores(p), ranking.candidates().get(p)))
            .toList();
    PricedRanking ranked = new PricedRanking(budget, scores, perWeight);
    double price =
        OrderedDoubles.least(
            0, ranked.highest(), each -> costs.of(at(ranked.counts(each))) <= limit);
    int[] counts = ranked.counts(price);
    long left = limit - costs.of(at(counts));
    int[] found =
        new CountExchanges(budget, scores, perWeight, counts, left)
            .towards(ranked.counts(OrderedDoubles.before(price)))
            .improved();
    return Arrays.stream(found).boxed().toList();
  }

  private static IntUnaryOperator at(int[] counts) {
    return p -> counts[p];
  }
}
