package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.trainer.data.source.DataHome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.agrona.CloseHelper;

/**
 * Steps on kept weights against dense steps of the engine: replicas of each sparsity take turns
 * with the dense one in one thread.
 */
final class SparseCost {
  private static final double BLOCK_SECONDS = 0.2;

  /** Until the loops are compiled. */
  private static final int WARM_UPS = 60;

  private SparseCost() {}

  /**
   * A network and the sparsities to measure, each with the least speed-up that it should have; 0
   * where there is none.
   */
  private record Case(String name, String model, Map<String, Double> speedUps) {}

  private static List<Case> cases() {
    Map<String, Double> small = new LinkedHashMap<>();
    small.put("0%", 0.0);
    small.put("80%", 0.0);
    small.put("90%", 2.5);
    small.put("95%", 4.5);
    small.put("98%", 7.0);
    Map<String, Double> residual = new LinkedHashMap<>();
    residual.put("90%", 1.35);
    residual.put("95%", 2.0);
    return List.of(
        new Case("lenet-300-100", "lenet-300-100", small),
        new Case("mlp-1024-1024", "{ kind = mlp, hidden = [1024, 1024] }", Map.of("95%", 5.0)),
        // Magnitudes of he: 19 % of multiply-accumulates at 90 %, as after training; of uniform
        // draws, the deep layers would hold next to nothing.
        new Case("resnet-20", "{ kind = resnet-20, initial = he }", residual));
  }

  static List<String> names() {
    return cases().stream().map(Case::name).toList();
  }

  static List<Figure> measure(String name, List<String> overrides, DataHome home, int rounds) {
    Case of = cases().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    BenchRecipe recipe = new BenchRecipe(of.model(), overrides, home);
    List<TimedReplica> subjects = new ArrayList<>();
    try {
      subjects.add(new TimedReplica(recipe.with("prune.sparsity=0")));
      for (String sparsity : of.speedUps().keySet()) {
        subjects.add(
            new TimedReplica(
                recipe.with(
                    "train.execution=sparse",
                    "prune.sparsity=" + sparsity,
                    "prune.schedule={kind=one-shot,begin=0}")));
      }
      return figures(of, subjects, rounds);
    } finally {
      CloseHelper.closeAll(subjects);
    }
  }

  private static List<Figure> figures(Case of, List<TimedReplica> subjects, int rounds) {
    subjects.forEach(subject -> subject.stepSeconds(WARM_UPS));
    int steps = (int) Math.max(1, BLOCK_SECONDS / subjects.get(0).stepSeconds(5));
    List<List<Double>> seconds = new ArrayList<>();
    subjects.forEach(subject -> seconds.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        seconds.get(i).add(subjects.get(i).stepSeconds(steps));
      }
    }
    List<Figure> figures = new ArrayList<>();
    for (Map.Entry<String, Double> each : of.speedUps().entrySet()) {
      List<Double> sparse = seconds.get(figures.size() + 1);
      figures.add(
          new Figure(
              "dense step / sparse step at " + each.getKey(),
              of.name(),
              Measurements.ofRatios(seconds.get(0), sparse),
              String.format(
                  Locale.ROOT,
                  "%.2f ms / %.2f ms",
                  1e3 * Measurements.of(seconds.get(0)).median(),
                  1e3 * Measurements.of(sparse).median()),
              Optional.of(Budget.atLeast(each.getValue())).filter(bound -> bound.bound() > 0)));
    }
    return figures;
  }
}
