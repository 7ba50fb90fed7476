package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Channel scores, the channels that may be kept, and how narrow groups may become. Among equal
 * scores the channel of the earlier group, then the earlier channel, goes first. Immutable.
 */
final class ChannelRanking {
  private final List<Group> groups;
  private final List<float[]> scores;
  private final List<Mask> candidates;
  private final List<Integer> present;
  private final WidthLimits limits;
  private final long[] worstFirst;

  private ChannelRanking(
      Groups groups,
      List<float[]> scores,
      List<Mask> candidates,
      List<Integer> present,
      WidthLimits limits) {
    this.groups = groups.all();
    this.scores = scores;
    this.candidates = List.copyOf(candidates);
    this.present = List.copyOf(present);
    this.limits = limits;
    requireScores();
    requireMasks();
    this.worstFirst = ranked();
  }

  static ChannelRanking of(Groups groups, List<float[]> scores, WidthLimits limits) {
    List<Integer> all = groups.all().stream().map(Group::channels).toList();
    return of(groups, scores, groups.allKept(), all, limits);
  }

  /**
   * A ranking of candidates.
   *
   * @param scores for each group one finite, non-negative score per channel; held without a copy
   * @param candidates for each group the channels that may be kept: one at least, all where the
   *     group has an obstacle
   * @param present how many channels each group has before the choice
   */
  static ChannelRanking of(
      Groups groups,
      List<float[]> scores,
      List<Mask> candidates,
      List<Integer> present,
      WidthLimits limits) {
    return new ChannelRanking(groups, scores, candidates, present, limits);
  }

  List<Group> groups() {
    return groups;
  }

  List<Integer> present() {
    return present;
  }

  WidthLimits limits() {
    return limits;
  }

  float score(Group group, int channel) {
    return scores.get(group.id())[channel];
  }

  Mask candidates(Group group) {
    return candidates.get(group.id());
  }

  /** Channels that a group has left when {@code ranked} of its candidates are among the best. */
  int width(Group group, int ranked) {
    int most = candidates(group).kept();
    return Math.min(most, limits.width(group, Math.min(ranked, most)));
  }

  /** Channels that each group has left when all of its candidates are among the best. */
  int[] widest() {
    return groups.stream().mapToInt(group -> width(group, candidates(group).kept())).toArray();
  }

  IntStream groupsWorstFirst() {
    return Arrays.stream(worstFirst).mapToInt(ChannelRanking::group);
  }

  /** The best {@code widths} candidates of each group. */
  List<Mask> best(int[] widths) {
    int[] leave = groups.stream().mapToInt(g -> candidates(g).kept() - widths[g.id()]).toArray();
    List<BitSet> gone = groups.stream().map(group -> new BitSet(group.channels())).toList();
    for (long key : worstFirst) {
      if (leave[group(key)]-- > 0) {
        gone.get(group(key)).set(channel(key));
      }
    }
    return groups.stream()
        .map(
            group ->
                candidates(group)
                    .and(Mask.of(group.channels(), channel -> !gone.get(group.id()).get(channel))))
        .toList();
  }

  private static int group(long place) {
    return (int) (place >>> Integer.SIZE);
  }

  private static int channel(long place) {
    return (int) place;
  }

  private long[] ranked() {
    return groups.stream()
        .filter(Group::isPrunable)
        .flatMapToLong(
            group ->
                IntStream.range(0, group.channels())
                    .filter(channel -> candidates(group).isKept(channel))
                    .mapToLong(channel -> (long) group.id() << Integer.SIZE | channel))
        .boxed()
        .sorted((a, b) -> Float.compare(score(a), score(b)))
        .mapToLong(Long::longValue)
        .toArray();
  }

  /** The score of a place; 0 for -0. */
  private float score(long place) {
    return scores.get(group(place))[channel(place)] + 0f;
  }

  private void requireScores() {
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

  private void requireMasks() {
    boolean fits = candidates.size() == groups.size() && present.size() == groups.size();
    for (int g = 0; fits && g < groups.size(); g++) {
      Mask mask = candidates.get(g);
      fits =
          mask.size() == groups.get(g).channels()
              && mask.kept() > 0
              && (groups.get(g).isPrunable() || mask.pruned() == 0);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "each group must have a candidate, all channels where it has an obstacle: groups=%s, candidates=%s"
              .formatted(groups, candidates));
    }
  }
}
