package io.espalier.bench.accuracy;

import java.util.List;
import java.util.stream.Stream;

/**
 * When channels are cut, from {@code begin} to {@code end} percent of a run, at once where both are
 * the same, and how layers share the cut.
 */
record ChannelCuts(int begin, int end, String allocation) {
  private static final int UPDATES = 5;

  /** Each window of the comparison with each allocation. */
  static List<ChannelCuts> compared() {
    return Stream.of(List.of(8, 30), List.of(30, 50), List.of(40, 60), List.of(50, 50))
        .flatMap(
            window ->
                Stream.of("uniform", "global")
                    .map(each -> new ChannelCuts(window.get(0), window.get(1), each)))
        .toList();
  }

  String label() {
    return "%d-%d-%s".formatted(begin, end, allocation);
  }

  /** Settings of a recipe, in HOCON, in place of its own schedule and allocation. */
  List<String> settings() {
    String schedule =
        begin == end
            ? "{ kind = one-shot, begin = %d%% }".formatted(begin)
            : "{ kind = cubic, begin = %d%%, end = %d%%, updates = %d }"
                .formatted(begin, end, UPDATES);
    return List.of(
        "prune.allocation = " + allocation,
        "prune.schedule = null",
        "prune.schedule = " + schedule);
  }
}
