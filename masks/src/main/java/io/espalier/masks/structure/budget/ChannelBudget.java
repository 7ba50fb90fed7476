package io.espalier.masks.structure.budget;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.Widths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Chooses channels by one ranking over all groups: the worst go, one after another, until what is
 * left costs no more than the budget. A group at its {@link Limits} loses no more; where widths are
 * multiples, a group that has lost a channel is rounded down to the next one, and its next worst go
 * too.
 *
 * <p>Among equal scores the channel of the earlier group, then the earlier channel, goes first.
 */
public final class ChannelBudget {
  private final List<Group> groups;
  private final Limits limits;
  private final List<Group> worstFirst = new ArrayList<>();
  private final List<Integer> channels = new ArrayList<>();

  /**
   * Ranks the channels of all groups that may be pruned.
   *
   * @param scores for each group one finite, non-negative score per channel
   */
  public ChannelBudget(Groups groups, List<float[]> scores, Limits limits) {
    this.groups = groups.all();
    this.limits = limits;
    requireScores(scores);
    rank(scores);
  }

  /**
   * The channels that stay: all others together bring the cost to the budget or below, and without
   * the last of them it would be above.
   *
   * @return one mask per group
   * @throws IllegalArgumentException if the limits leave more than the budget
   */
  public List<Mask> keep(Cost cost, long budget) {
    Widths widths = cost.widths();
    int[] ranked = groups.stream().mapToInt(Group::channels).toArray();
    int[] left = ranked.clone();
    for (int i = 0; i < worstFirst.size() && widths.cost() > budget; i++) {
      Group group = worstFirst.get(i);
      int width = limits.width(group, --ranked[group.id()]);
      widths.narrow(group, left[group.id()] - width);
      left[group.id()] = width;
    }
    if (widths.cost() > budget) {
      throw new IllegalArgumentException(
          "a budget must be no less than what the limits leave: budget=%d, least=%d, limits=%s"
              .formatted(budget, widths.cost(), limits));
    }
    return best(left);
  }

  /** So many of each group's channels, the best of them. */
  private List<Mask> best(int[] left) {
    int[] leave = groups.stream().mapToInt(g -> g.channels() - left[g.id()]).toArray();
    List<BitSet> gone = groups.stream().map(group -> new BitSet(group.channels())).toList();
    for (int i = 0; i < worstFirst.size(); i++) {
      int group = worstFirst.get(i).id();
      if (leave[group]-- > 0) {
        gone.get(group).set(channels.get(i));
      }
    }
    return groups.stream()
        .map(group -> Mask.of(group.channels(), channel -> !gone.get(group.id()).get(channel)))
        .toList();
  }

  /** Sorts by the scores' bits, which for non-negative floats have the order of the scores. */
  private void rank(List<float[]> scores) {
    List<Group> prunable = groups.stream().filter(Group::isPrunable).toList();
    long[] keys = new long[prunable.stream().mapToInt(Group::channels).sum()];
    int[] starts = new int[prunable.size()];
    int at = 0;
    for (int g = 0; g < starts.length; g++) {
      starts[g] = at;
      for (float score : scores.get(prunable.get(g).id())) {
        keys[at] = (long) Float.floatToIntBits(score + 0f) << Integer.SIZE | at;
        at++;
      }
    }
    Arrays.sort(keys);
    for (long key : keys) {
      int found = Arrays.binarySearch(starts, (int) key);
      int g = found >= 0 ? found : -found - 2;
      worstFirst.add(prunable.get(g));
      channels.add((int) key - starts[g]);
    }
  }

  private void requireScores(List<float[]> scores) {
    if (scores.size() != groups.size()) {
      throw new IllegalArgumentException(
          "there must be scores for each group: groups=%d, scores=%d"
              .formatted(groups.size(), scores.size()));
    }
    for (Group group : groups) {
      float[] each = scores.get(group.id());
      if (each.length != group.channels()) {
        throw new IllegalArgumentException(
            "there must be one score per channel: group=%s, scores=%d"
                .formatted(group, each.length));
      }
      for (float score : each) {
        if (!(score >= 0 && score <= Float.MAX_VALUE)) {
          throw new IllegalArgumentException(
              "a score must be finite and 0 or more: group=%s, score=%s".formatted(group, score));
        }
      }
    }
  }
}
