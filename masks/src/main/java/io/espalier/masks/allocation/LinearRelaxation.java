package io.espalier.masks.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Upper bounds of groups whose options may be mixed: each group climbs along the upper hull of its
 * options, steepest steps first (Sinha and Zoltners, "The multiple-choice knapsack problem", 1979).
 */
final class LinearRelaxation {
  private final List<Step> steepestFirst;
  private final double[] baseCosts;
  private final double[] baseValues;

  private record Step(int group, double cost, double value) {
    double slope() {
      return value / cost;
    }
  }

  LinearRelaxation(List<List<KnapsackOption>> groups) {
    List<Step> steps = new ArrayList<>();
    baseCosts = new double[groups.size() + 1];
    baseValues = new double[groups.size() + 1];
    for (int g = groups.size() - 1; g >= 0; g--) {
      baseCosts[g] = baseCosts[g + 1] + groups.get(g).get(0).cost();
      baseValues[g] = baseValues[g + 1] + groups.get(g).get(0).value();
    }
    for (int g = 0; g < groups.size(); g++) {
      addHull(g, groups.get(g), steps);
    }
    steps.sort(Comparator.comparingDouble(Step::slope).reversed());
    steepestFirst = List.copyOf(steps);
  }

  private static void addHull(int group, List<KnapsackOption> options, List<Step> steps) {
    List<Step> hull = new ArrayList<>();
    for (int i = 1; i < options.size(); i++) {
      KnapsackOption from = options.get(i - 1);
      KnapsackOption to = options.get(i);
      Step step = new Step(group, to.cost() - from.cost(), to.value() - from.value());
      while (!hull.isEmpty() && hull.get(hull.size() - 1).slope() <= step.slope()) {
        Step last = hull.remove(hull.size() - 1);
        step = new Step(group, last.cost() + step.cost(), last.value() + step.value());
      }
      hull.add(step);
    }
    steps.addAll(hull);
  }

  Rest from(int group) {
    List<Step> steps = steepestFirst.stream().filter(step -> step.group() >= group).toList();
    double[] costs = new double[steps.size() + 1];
    double[] values = new double[steps.size() + 1];
    costs[0] = baseCosts[group];
    values[0] = baseValues[group];
    for (int i = 0; i < steps.size(); i++) {
      costs[i + 1] = costs[i] + steps.get(i).cost();
      values[i + 1] = values[i] + steps.get(i).value();
    }
    return new Rest(costs, values);
  }

  /** The cheapest options of the remaining groups and the steps beyond them. */
  static final class Rest {
    private final double[] costs;
    private final double[] values;

    private Rest(double[] costs, double[] values) {
      this.costs = costs;
      this.values = values;
    }

    double least() {
      return costs[0];
    }

    /** Upper bound on the value within {@code room}, no less than {@link #least}. */
    double atMost(double room) {
      int taken = taken(room);
      return taken == costs.length - 1 || costs[taken] >= room
          ? values[taken]
          : values[taken]
              + (room - costs[taken])
                  * (values[taken + 1] - values[taken])
                  / (costs[taken + 1] - costs[taken]);
    }

    /** Value of whole steps within {@code room}, no less than {@link #least}. */
    double atLeast(double room) {
      return values[taken(room)];
    }

    private int taken(double room) {
      int found = Arrays.binarySearch(costs, room);
      int taken = found >= 0 ? found : -found - 2;
      return Math.max(0, taken);
    }
  }
}
