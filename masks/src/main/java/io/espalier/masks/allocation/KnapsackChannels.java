package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The channels with the largest sum of scores (Humble, Shen, Albericio Latorre, Darrell and
 * Alvarez, "Soft masking for cost-constrained channel pruning", 2022): each group takes its best
 * channels, and an exact {@link Knapsack} decides how many. A group's cost depends on the widths of
 * others, so the choice is repeated with the geometric mean of assumed and resulting widths until
 * they agree. Each outcome is fitted to the budget by its real cost, and the one of the highest sum
 * is taken.
 *
 * @param chunk channels next to each other that are kept or go together, 1 or more
 */
record KnapsackChannels(int chunk) implements Allocation {
  private static final int ROUNDS = 12;

  @Override
  public int least(Group group, WidthLimits limits) {
    return ChannelOptions.least(group, limits, chunk);
  }

  /** Without a limit of cost the largest sum is that of the best of all. */
  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    return ranking.topCounts(budget.kept(), budget.floors());
  }

  @Override
  public List<Mask> keep(CostBudget budget, Ranking ranking) {
    List<ChannelOptions> groups =
        budget.groups().stream()
            .map(group -> new ChannelOptions(budget.limits(), ranking, group, chunk))
            .toList();
    Cost cost = budget.cost();
    FittedWidths narrowest = new FittedWidths(budget.groups(), groups, cost);
    budget.requireWithin(narrowest.cost());
    narrowest.fit(budget.limit());
    FittedWidths best = narrowest;
    List<Integer> assumed = budget.present();
    for (int round = 0; round < ROUNDS; round++) {
      Optional<List<Integer>> chosen = chosen(groups, cost.ofReaders(assumed), budget.limit());
      List<Integer> options = chosen.orElse(groups.stream().map(each -> 0).toList());
      FittedWidths outcome = new FittedWidths(budget.groups(), groups, cost).at(options);
      outcome.fit(budget.limit());
      if (outcome.value() > best.value()) {
        best = outcome;
      }
      List<Integer> next = between(assumed, widths(groups, options));
      if (next.equals(assumed)) {
        break;
      }
      assumed = next;
    }
    List<Integer> taken = best.options();
    return IntStream.range(0, groups.size())
        .mapToObj(g -> groups.get(g).mask(taken.get(g)))
        .toList();
  }

  private static Optional<List<Integer>> chosen(
      List<ChannelOptions> groups, List<long[]> costs, long limit) {
    List<List<KnapsackOption>> options = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      ChannelOptions group = groups.get(g);
      long[] byWidth = costs.get(g);
      options.add(
          IntStream.range(0, group.count())
              .mapToObj(o -> new KnapsackOption(group.value(o), (double) byWidth[group.width(o)]))
              .toList());
    }
    return Knapsack.choose(options, (double) limit).map(choice -> choice.options());
  }

  private static List<Integer> widths(List<ChannelOptions> groups, List<Integer> options) {
    return IntStream.range(0, groups.size())
        .mapToObj(g -> groups.get(g).width(options.get(g)))
        .toList();
  }

  private static List<Integer> between(List<Integer> assumed, List<Integer> chosen) {
    return IntStream.range(0, assumed.size())
        .mapToObj(g -> (int) Math.round(Math.sqrt((double) assumed.get(g) * chosen.get(g))))
        .toList();
  }
}
