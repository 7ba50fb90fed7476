package io.espalier.masks.allocation;

import io.espalier.masks.Counts;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The least sum of distortions within a budget, by an exact {@link Knapsack} with one amount of
 * each parameter. What the amounts leave of the budget raises all densities alike.
 *
 * @param curves asks for the distortion of each parameter at equally distant amounts above 0, the
 *     last of which is all of it
 */
record LeastDistortion(StatisticRequest curves) implements Allocation {
  @Override
  public List<StatisticRequest> requests() {
    return List.of(curves);
  }

  @Override
  public Allocation at(List<ScoredParameter> parameters) {
    List<float[]> measured =
        parameters.stream().map(parameter -> parameter.statistic(curves)).toList();
    return (budget, ranking) -> counts(budget, measured);
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    throw new IllegalStateException("an allocation by statistics must be that of an update");
  }

  private static List<Integer> counts(Budget budget, List<float[]> distortions) {
    Budget rest =
        new Budget(
            budget.parameters(),
            budget.units(),
            budget.sparsity(),
            budget.kept(),
            chosen(budget, distortions),
            budget.caps());
    double[] sizes = budget.units().stream().mapToDouble(Integer::doubleValue).toArray();
    double[] offsets = rest.floors().stream().mapToDouble(Integer::doubleValue).toArray();
    return LargestRemainder.round(rest, KeepShares.of(rest, offsets, sizes));
  }

  /** Counts at amounts that were measured, or at a floor or cap in place of what is beyond it. */
  static List<Integer> chosen(Budget budget, List<float[]> distortions) {
    List<List<Integer>> counts = new ArrayList<>();
    List<List<KnapsackOption>> options = new ArrayList<>();
    for (int p = 0; p < distortions.size(); p++) {
      float[] distortion = distortions.get(p);
      double worst = worst(distortion);
      List<Integer> each = new ArrayList<>();
      List<KnapsackOption> values = new ArrayList<>();
      for (int amount = 0; amount <= distortion.length; amount++) {
        each.add(count(budget, p, (double) amount / distortion.length));
        double lost = amount == 0 ? 0 : distortion[amount - 1];
        values.add(new KnapsackOption(worst - lost, each.get(amount)));
      }
      counts.add(each);
      options.add(values);
    }
    List<Integer> taken = Knapsack.choose(options, (double) budget.kept()).orElseThrow().options();
    return IntStream.range(0, taken.size()).mapToObj(p -> counts.get(p).get(taken.get(p))).toList();
  }

  private static int count(Budget budget, int parameter, double amount) {
    int units = budget.units().get(parameter);
    int left = units - (int) Counts.within(amount, units);
    return Math.max(budget.floors().get(parameter), Math.min(budget.caps().get(parameter), left));
  }

  private static double worst(float[] distortion) {
    double worst = 0;
    for (float each : distortion) {
      worst = Math.max(worst, each);
    }
    return worst;
  }
}
