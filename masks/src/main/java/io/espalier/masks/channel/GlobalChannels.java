package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Cost.Widths;
import io.espalier.masks.structure.Group;
import java.util.Arrays;
import java.util.List;

/**
 * One ranking over all groups: the worst go, one after another, until what is left costs no more
 * than the budget, so that without the last of them it would cost more. A group at its {@link
 * Limits} loses no more; where widths are multiples, a group that has lost a channel is rounded
 * down to the next one, and its next worst go too.
 */
final class GlobalChannels implements ChannelAllocation {
  @Override
  public List<Mask> keep(ChannelRanking ranking, Cost cost, long budget) {
    int[] ranked =
        ranking.groups().stream().mapToInt(group -> ranking.candidates(group).kept()).toArray();
    int[] left = ranking.widest();
    Widths widths = cost.widths(Arrays.stream(left).boxed().toList());
    for (int id : ranking.groupsWorstFirst().toArray()) {
      if (widths.cost() <= budget) {
        break;
      }
      Group group = ranking.groups().get(id);
      int width = ranking.width(group, --ranked[id]);
      widths.narrow(group, left[id] - width);
      left[id] = width;
    }
    ranking.limits().requireWithin(widths.cost(), budget);
    return ranking.best(left);
  }
}
