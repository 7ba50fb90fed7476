package io.espalier.masks.allocation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Undominated states over the first groups: cost and value both rise from one to the next. Of
 * equals the earlier option survives.
 */
final class ParetoFront {
  private final double[] costs;
  private final double[] values;
  private final int[] parents;
  private final int[] options;

  private ParetoFront(double[] costs, double[] values, int[] parents, int[] options) {
    this.costs = costs;
    this.values = values;
    this.parents = parents;
    this.options = options;
  }

  static ParetoFront start() {
    return new ParetoFront(new double[1], new double[1], new int[1], new int[1]);
  }

  int size() {
    return costs.length;
  }

  double cost(int state) {
    return costs[state];
  }

  double value(int state) {
    return values[state];
  }

  /** The preceding state that this one extends. */
  int parent(int state) {
    return parents[state];
  }

  int option(int state) {
    return options[state];
  }

  ParetoFront with(KnapsackOption added, int option) {
    int[] parents = IntStream.range(0, size()).toArray();
    int[] options = new int[size()];
    Arrays.fill(options, option);
    return new ParetoFront(
        Arrays.stream(costs).map(cost -> cost + added.cost()).toArray(),
        Arrays.stream(values).map(value -> value + added.value()).toArray(),
        parents,
        options);
  }

  ParetoFront where(IntPredicate keep) {
    int[] kept = IntStream.range(0, size()).filter(keep).toArray();
    return new ParetoFront(
        Arrays.stream(kept).mapToDouble(i -> costs[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> values[i]).toArray(),
        Arrays.stream(kept).map(i -> parents[i]).toArray(),
        Arrays.stream(kept).map(i -> options[i]).toArray());
  }

  static ParetoFront merged(List<ParetoFront> fronts) {
    if (fronts.size() == 1) {
      return fronts.get(0);
    }
    int half = fronts.size() / 2;
    return merged(merged(fronts.subList(0, half)), merged(fronts.subList(half, fronts.size())));
  }

  private static ParetoFront merged(ParetoFront one, ParetoFront other) {
    int most = one.size() + other.size();
    ParetoFront merged =
        new ParetoFront(new double[most], new double[most], new int[most], new int[most]);
    int size = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0, j = 0; i < one.size() || j < other.size(); ) {
      boolean first = j == other.size() || (i < one.size() && !before(other, j, one, i));
      ParetoFront from = first ? one : other;
      int at = first ? i++ : j++;
      if (from.values[at] > best) {
        best = from.values[at];
        merged.costs[size] = from.costs[at];
        merged.values[size] = best;
        merged.parents[size] = from.parents[at];
        merged.options[size++] = from.options[at];
      }
    }
    return merged.first(size);
  }

  private static boolean before(ParetoFront a, int i, ParetoFront b, int j) {
    return a.costs[i] < b.costs[j] || (a.costs[i] == b.costs[j] && a.values[i] > b.values[j]);
  }

  private ParetoFront first(int size) {
    return new ParetoFront(
        Arrays.copyOf(costs, size),
        Arrays.copyOf(values, size),
        Arrays.copyOf(parents, size),
        Arrays.copyOf(options, size));
  }
}
