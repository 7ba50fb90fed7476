package io.espalier.masks.channel;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Cost.Widths;
import io.espalier.masks.structure.Group;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The smallest equal share of every prunable group that meets the budget. The rest goes back to
 * groups, earlier first, up to the next smaller share, where that fits.
 */
final class UniformChannels implements ChannelAllocation {
  @Override
  public List<Mask> keep(ChannelRanking ranking, Cost cost, long budget) {
    double[] shares = shares(ranking.groups());
    int low = 0;
    int high = shares.length - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (cost.of(boxed(widths(ranking, shares[middle]))) <= budget) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int[] left = widths(ranking, shares[low]);
    Widths widths = cost.widths(boxed(left));
    ranking.limits().requireWithin(widths.cost(), budget);
    if (low > 0) {
      giveBack(ranking, left, widths(ranking, shares[low - 1]), widths, budget);
    }
    return ranking.best(left);
  }

  private static void giveBack(
      ChannelRanking ranking, int[] left, int[] wider, Widths widths, long budget) {
    for (Group group : ranking.groups()) {
      int more = wider[group.id()] - left[group.id()];
      widths.narrow(group, -more);
      if (widths.cost() <= budget) {
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

  private static int[] widths(ChannelRanking ranking, double share) {
    return ranking.groups().stream()
        .mapToInt(
            group -> {
              int gone = group.isPrunable() ? (int) Counts.within(share, group.channels()) : 0;
              return ranking.width(group, group.channels() - gone);
            })
        .toArray();
  }

  private static List<Integer> boxed(int[] widths) {
    return Arrays.stream(widths).boxed().toList();
  }
}
