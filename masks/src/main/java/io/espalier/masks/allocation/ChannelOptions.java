package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of channels that a group may keep when its candidates are chosen in chunks, the best
 * first: chunks by the mean score of their candidates, among equal ones the later first. Immutable.
 */
final class ChannelOptions {
  private final Group group;
  private final List<List<Integer>> best;
  private final List<Integer> counts = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  ChannelOptions(WidthLimits limits, Ranking ranking, Group group, int chunk) {
    this.group = group;
    this.best =
        group.isPrunable()
            ? ordered(ranking, group, chunk)
            : List.of(IntStream.range(0, group.channels()).boxed().toList());
    int width = 0;
    double value = 0;
    for (int taken = 0; taken <= best.size(); taken++) {
      if (taken > 0) {
        List<Integer> more = best.get(taken - 1);
        width += more.size();
        value += sum(ranking, group, more);
      }
      boolean isOnly = taken == best.size() && counts.isEmpty();
      if (isOnly || limits.allows(group, width)) {
        counts.add(taken);
        widths.add(width);
        values.add(value);
      }
    }
  }

  private static List<List<Integer>> ordered(Ranking ranking, Group group, int chunk) {
    List<List<Integer>> chunks = new ArrayList<>();
    for (int from = 0; from < group.channels(); from += chunk) {
      List<Integer> some =
          IntStream.range(from, Math.min(group.channels(), from + chunk))
              .filter(ranking.candidates().get(group.id())::isKept)
              .boxed()
              .toList();
      if (!some.isEmpty()) {
        chunks.add(some);
      }
    }
    Collections.reverse(chunks);
    chunks.sort(Comparator.comparingDouble(some -> -sum(ranking, group, some) / some.size()));
    return chunks;
  }

  private static double sum(Ranking ranking, Group group, List<Integer> channels) {
    return channels.stream().mapToDouble(channel -> ranking.scores(group.id())[channel]).sum();
  }

  /** Options, the narrowest first; at least one. */
  int count() {
    return widths.size();
  }

  int width(int option) {
    return widths.get(option);
  }

  double value(int option) {
    return values.get(option);
  }

  Mask mask(int option) {
    List<Integer> kept =
        best.subList(0, counts.get(option)).stream().flatMap(List::stream).toList();
    boolean[] isKept = new boolean[group.channels()];
    kept.forEach(channel -> isKept[channel] = true);
    return Mask.of(group.channels(), channel -> isKept[channel]);
  }

  /** Fewest channels in the worst case: where chunks do not fit, the last one is smaller. */
  static int least(Group group, WidthLimits limits, int chunk) {
    if (!group.isPrunable()) {
      return group.channels();
    }
    int rest = group.channels() % chunk;
    int most = 0;
    for (int before = 0; before <= group.channels() / chunk; before++) {
      int smaller = before;
      most =
          Math.max(
              most,
              IntStream.rangeClosed(0, (group.channels() + chunk - 1) / chunk)
                  .map(
                      taken ->
                          taken <= smaller || rest == 0
                              ? taken * chunk
                              : (taken - 1) * chunk + rest)
                  .filter(width -> limits.allows(group, width))
                  .min()
                  .orElse(group.channels()));
    }
    return most;
  }
}
