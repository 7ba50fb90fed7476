package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.CloseHelper;

/**
 * The cost of a mask per step: replicas of each kind, 90 % pruned, take turns with a dense one in
 * one thread. Annealed is the dearest case: every pruned weight is drawn at random in every step.
 */
final class MaskCost {
  private static final int UPDATES = 5;
  private static final double BLOCK_SECONDS = 0.4;
  private static final Map<String, Budget> BUDGETS = new LinkedHashMap<>();

  static {
    BUDGETS.put("hard", Budget.atMost(1.05));
    BUDGETS.put("soft", Budget.atMost(1.10));
    BUDGETS.put("{ kind = annealed, over = 50% }", Budget.atMost(1.30));
  }

  private MaskCost() {}

  static List<Figure> measure(BenchRecipe recipe, int rounds) {
    List<TimedReplica> subjects = new ArrayList<>();
    try {
      subjects.add(new TimedReplica(recipe.with("prune.sparsity=0")));
      for (String mask : BUDGETS.keySet()) {
        subjects.add(pruned(recipe, mask));
      }
      return figures(recipe.network(), subjects, rounds);
    } finally {
      CloseHelper.closeAll(subjects);
    }
  }

  /** One update of six is left over, so that soft masks are not frozen. */
  private static TimedReplica pruned(BenchRecipe recipe, String mask) {
    TimedReplica subject =
        new TimedReplica(
            recipe.with(
                "train.sync-every=1",
                "prune.schedule={kind=cubic,begin=0,end=%d,updates=%<d}".formatted(UPDATES + 1),
                "prune.mask=" + mask));
    for (int update = 0; update < UPDATES; update++) {
      subject.round();
    }
    return subject;
  }

  private static List<Figure> figures(String network, List<TimedReplica> subjects, int rounds) {
    subjects.forEach(subject -> subject.stepSeconds(3));
    int steps = (int) Math.max(1, BLOCK_SECONDS / subjects.get(0).stepSeconds(5));
    List<List<Double>> seconds = new ArrayList<>();
    subjects.forEach(subject -> seconds.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        seconds.get(i).add(subjects.get(i).stepSeconds(steps));
      }
    }
    List<Figure> figures = new ArrayList<>();
    int kind = 0;
    for (Map.Entry<String, Budget> budget : BUDGETS.entrySet()) {
      kind++;
      figures.add(
          new Figure(
              budget.getKey().replaceAll("\\{ kind = (\\w+).*", "$1") + " step / dense step",
              network,
              Measurements.ofRatios(seconds.get(kind), seconds.get(0)),
              String.format(
                  Locale.ROOT,
                  "%.2f ms / %.2f ms",
                  1e3 * Measurements.of(seconds.get(kind)).median(),
                  1e3 * Measurements.of(seconds.get(0)).median()),
              budget.getValue()));
    }
    return figures;
  }
}
