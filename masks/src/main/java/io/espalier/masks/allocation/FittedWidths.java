package io.espalier.masks.allocation;

import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Cost.Widths;
import io.espalier.masks.structure.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An option of each group, the narrowest at first, changed step by step until the network costs no
 * more than a budget and no further step up fits. Not thread-safe.
 */
final class FittedWidths {
  private final List<Group> groups;
  private final List<ChannelOptions> options;
  private final List<Integer> taken;
  private final Widths widths;

  FittedWidths(List<Group> groups, List<ChannelOptions> options, Cost cost) {
    this.groups = groups;
    this.options = options;
    this.taken = new ArrayList<>(Collections.nCopies(groups.size(), 0));
    this.widths = cost.widths(options.stream().map(each -> each.width(0)).toList());
  }

  FittedWidths at(List<Integer> chosen) {
    for (int g = 0; g < chosen.size(); g++) {
      move(g, chosen.get(g));
    }
    return this;
  }

  void fit(long budget) {
    while (widths.cost() > budget) {
      step(-1, Long.MAX_VALUE);
    }
    boolean wider = true;
    while (wider) {
      wider = step(1, budget);
    }
  }

  /** Takes the step that loses least or gains most value for its cost. */
  private boolean step(int by, long budget) {
    int best = -1;
    double bestRate = Double.NEGATIVE_INFINITY;
    for (int g = 0; g < groups.size(); g++) {
      int next = taken.get(g) + by;
      if (next < 0 || next >= options.get(g).count()) {
        continue;
      }
      long before = widths.cost();
      int now = taken.get(g);
      move(g, next);
      long after = widths.cost();
      move(g, now);
      double value = Math.abs(options.get(g).value(next) - options.get(g).value(now));
      double rate = by * value / Math.max(1e-9, (double) Math.abs(after - before));
      if (after <= budget && rate > bestRate) {
        best = g;
        bestRate = rate;
      }
    }
    if (best >= 0) {
      move(best, taken.get(best) + by);
    }
    return best >= 0;
  }

  private void move(int group, int option) {
    int fewer = options.get(group).width(taken.get(group)) - options.get(group).width(option);
    widths.narrow(groups.get(group), fewer);
    taken.set(group, option);
  }

  long cost() {
    return widths.cost();
  }

  double value() {
    return IntStream.range(0, taken.size())
        .mapToDouble(g -> options.get(g).value(taken.get(g)))
        .sum();
  }

  List<Integer> options() {
    return List.copyOf(taken);
  }
}
