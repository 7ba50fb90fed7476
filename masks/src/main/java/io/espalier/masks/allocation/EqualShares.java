package io.espalier.masks.allocation;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Cost.Widths;
import io.espalier.masks.structure.Group;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An equal density everywhere. For channels, every prunable group loses the smallest equal share
 * that meets the budget; the rest goes back to groups, earlier first, up to the next smaller share,
 * where that fits.
 */
final class EqualShares implements Allocation {
  private static final Allocation COUNTED = new ProportionalAllocation(shape -> 1);

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    return COUNTED.counts(budget, ranking);
  }

  @Override
  public List<Mask> keep(CostBudget budget, Ranking ranking) {
    double[] shares = shares(budget.groups());
    int low = 0;
    int high = shares.length - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (budget.cost().of(boxed(widths(budget, ranking, shares[middle]))) <= budget.limit()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int[] left = widths(budget, ranking, shares[low]);
    Widths widths = budget.cost().widths(boxed(left));
    budget.requireWithin(widths.cost());
    if (low > 0) {
      giveBack(budget, left, widths(budget, ranking, shares[low - 1]), widths);
    }
    return ranking.top(boxed(left));
  }

  private static void giveBack(CostBudget budget, int[] left, int[] wider, Widths widths) {
    for (Group group : budget.groups()) {
      int more = wider[group.id()] - left[group.id()];
      widths.narrow(group, -more);
      if (widths.cost() <= budget.limit()) {
        left[group.id()] += more;
      } else {
        widths.narrow(group, more);
      }
    }
  }

  /** All shares at which some group loses a channel, ascending from 0. */
  private static double[] shares(List<Group> groups) {
    return IntStream.concat(
            IntStream.of(1), groups.stream().filter(Group::isPrunable).mapToInt(Group::channels))
        .distinct()
        .boxed()
        .flatMapToDouble(
            channels ->
                IntStream.rangeClosed(0, channels).mapToDouble(gone -> (double) gone / channels))
        .sorted()
        .distinct()
        .toArray();
  }

  private static int[] widths(CostBudget budget, Ranking ranking, double share) {
    return budget.groups().stream()
        .mapToInt(
            group -> {
              int gone = group.isPrunable() ? (int) Counts.within(share, group.channels()) : 0;
              return budget.width(ranking, group, group.channels() - gone);
            })
        .toArray();
  }

  private static List<Integer> boxed(int[] widths) {
    return Arrays.stream(widths).boxed().toList();
  }
}
