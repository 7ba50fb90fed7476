package io.espalier.masks.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The multiple-choice knapsack: one option from each group, worth the most of all choices that cost
 * no more than a budget. Exact for real costs: fronts of undominated states are merged group by
 * group (Nemhauser and Ullmann, "Discrete dynamic programming and capital allocation", 1969), and a
 * state goes that could not become better than what is known to be possible, by the linear
 * relaxation of the groups that are left (Dyer, Riha and Walker, "A hybrid dynamic programming /
 * branch-and-bound algorithm for the multiple-choice knapsack problem", 1995). Deterministic: of
 * choices worth the same the cheapest is taken, then the one with the earlier options in the later
 * groups.
 */
final class Knapsack {
  /** Default limit on the states of a front, about 6 MB for each group. */
  public static final int DEFAULT_STATES = 1 << 18;

  /** Relative rounding error of a sum of doubles. */
  private static final double ROUNDING = 1e-12;

  private final List<List<KnapsackOption>> groups;
  private final double budget;
  private final int states;
  private final LinearRelaxation relaxation;
  private double possible;
  private double dropped = Double.NEGATIVE_INFINITY;

  private Knapsack(List<List<KnapsackOption>> groups, double budget, int states) {
    this.groups = groups;
    this.budget = budget;
    this.states = states;
    this.relaxation = new LinearRelaxation(groups);
  }

  /** The best choice; empty if even the cheapest options cost more than the budget. */
  public static Optional<KnapsackChoice> choose(List<List<KnapsackOption>> groups, double budget) {
    return choose(groups, budget, DEFAULT_STATES);
  }

  /**
   * The best choice within bounded memory: a front holds at most {@code states}, the least
   * promising are dropped, and the choice bounds the loss.
   */
  public static Optional<KnapsackChoice> choose(
      List<List<KnapsackOption>> groups, double budget, int states) {
    List<List<Integer>> places =
        groups.stream().map(options -> undominated(options, budget)).toList();
    if (places.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    List<List<KnapsackOption>> useful =
        IntStream.range(0, groups.size())
            .mapToObj(g -> places.get(g).stream().map(groups.get(g)::get).toList())
            .toList();
    double least = 0;
    for (List<KnapsackOption> options : useful) {
      least += options.get(0).cost();
    }
    return least > budget
        ? Optional.empty()
        : Optional.of(new Knapsack(useful, budget, states).best(places));
  }

  /** Places of undominated options by rising cost and value. */
  private static List<Integer> undominated(List<KnapsackOption> options, double budget) {
    List<Integer> byCost =
        IntStream.range(0, options.size())
            .boxed()
            .filter(i -> options.get(i).cost() <= budget)
            .sorted(
                Comparator.comparingDouble((Integer i) -> options.get(i).cost())
                    .thenComparingDouble(i -> -options.get(i).value()))
            .toList();
    List<Integer> kept = new ArrayList<>();
    for (int place : byCost) {
      if (kept.isEmpty()
          || options.get(place).value() > options.get(kept.get(kept.size() - 1)).value()) {
        kept.add(place);
      }
    }
    return kept;
  }

  private KnapsackChoice best(List<List<Integer>> places) {
    LinearRelaxation.Rest all = relaxation.from(0);
    possible = all.atLeast(budget);
    List<ParetoFront> fronts = new ArrayList<>();
    ParetoFront front = ParetoFront.start();
    for (int g = 0; g < groups.size(); g++) {
      front = next(front, g);
      fronts.add(front);
    }
    int state = front.size() - 1;
    double value = front.value(state);
    double cost = front.cost(state);
    List<Integer> chosen = new ArrayList<>();
    for (int g = groups.size() - 1; g >= 0; g--) {
      chosen.add(0, places.get(g).get(fronts.get(g).option(state)));
      state = fronts.get(g).parent(state);
    }
    return new KnapsackChoice(chosen, value, cost, Math.max(value, dropped));
  }

  private ParetoFront next(ParetoFront before, int group) {
    LinearRelaxation.Rest rest = relaxation.from(group + 1);
    List<ParetoFront> shifted = new ArrayList<>();
    for (int option = 0; option < groups.get(group).size(); option++) {
      ParetoFront with = before.with(groups.get(group).get(option), option);
      shifted.add(with.where(state -> fits(with, state, rest)));
    }
    ParetoFront merged = ParetoFront.merged(shifted);
    possible =
        Math.max(
            possible, all(merged).mapToDouble(s -> reachable(merged, s, rest)).max().orElse(0));
    double promising = possible * (1 - ROUNDING);
    ParetoFront hopeful = merged.where(state -> bound(merged, state, rest) >= promising);
    return hopeful.size() <= states ? hopeful : thinned(hopeful, rest);
  }

  private boolean fits(ParetoFront front, int state, LinearRelaxation.Rest rest) {
    return front.cost(state) <= budget
        && front.cost(state) + rest.least() <= budget * (1 + ROUNDING)
        && bound(front, state, rest) >= possible * (1 - ROUNDING);
  }

  /** The least worth that a state can reach by whole steps; 0 if too close to call. */
  private double reachable(ParetoFront front, int state, LinearRelaxation.Rest rest) {
    double room = (budget - front.cost(state)) * (1 - ROUNDING);
    return room >= rest.least() ? front.value(state) + rest.atLeast(room) : 0;
  }

  private double bound(ParetoFront front, int state, LinearRelaxation.Rest rest) {
    return front.value(state) + rest.atMost(budget - front.cost(state));
  }

  /** The states with the highest bounds, and the one known to lead furthest. */
  private ParetoFront thinned(ParetoFront front, LinearRelaxation.Rest rest) {
    double[] bounds = all(front).mapToDouble(state -> bound(front, state, rest)).toArray();
    double[] sorted = bounds.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - states];
    dropped = Math.max(dropped, sorted[sorted.length - states - 1]);
    int furthest =
        all(front)
            .boxed()
            .max(Comparator.comparingDouble(state -> reachable(front, state, rest)))
            .orElseThrow();
    return front.where(state -> bounds[state] > least || state == furthest);
  }

  private static IntStream all(ParetoFront front) {
    return IntStream.range(0, front.size());
  }
}
