package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The cost of a mask update, from the replica's state to the masks in force, sync included, as a
 * share of training with one update every hundred steps.
 */
final class UpdateCost {
  private static final int INTERVAL = 100;

  /** Rounds of a subject that is thrown away, until the code of a sync is compiled. */
  private static final int WARM_UP = 30;

  private static final Budget BUDGET = Budget.atMost(0.05);
  private static final String GRADUAL = "prune.schedule={kind=cubic,begin=0,end=%d,updates=%<d}";
  private static final Map<String, String> WAYS = new LinkedHashMap<>();

  static {
    WAYS.put("magnitude", "prune.score=magnitude");
    WAYS.put("taylor, 4 batches", "prune.score={kind=taylor,batches=4}");
    WAYS.put(
        "rigl, 1 batch",
        "prune={score=random,allocation=erk,schedule=constant,"
            + "regrowth={kind=rigl,every=1,end=100%}}");
  }

  private UpdateCost() {}

  static List<Figure> measure(BenchRecipe recipe, int rounds) {
    List<Figure> figures = new ArrayList<>();
    for (Map.Entry<String, String> way : WAYS.entrySet()) {
      rounds(subject(recipe, way.getValue(), WARM_UP), WARM_UP);
      figures.add(
          figure(
              way.getKey(),
              recipe.network(),
              rounds(subject(recipe, way.getValue(), rounds), rounds)));
    }
    return figures;
  }

  /** Two updates more than rounds, so that none is the last. */
  private static TimedReplica subject(BenchRecipe recipe, String way, int rounds) {
    return new TimedReplica(recipe.with("train.sync-every=1", GRADUAL.formatted(rounds + 2), way));
  }

  private static List<TimedReplica.Round> rounds(TimedReplica measured, int count) {
    try (TimedReplica subject = measured) {
      subject.round();
      return Stream.generate(subject::round).limit(count).toList();
    }
  }

  private static Figure figure(String way, String network, List<TimedReplica.Round> rounds) {
    List<Double> updates = rounds.stream().map(TimedReplica.Round::syncSeconds).toList();
    List<Double> steps = rounds.stream().map(TimedReplica.Round::stepSeconds).toList();
    List<Double> shares =
        rounds.stream()
            .map(each -> each.syncSeconds() / (each.syncSeconds() + INTERVAL * each.stepSeconds()))
            .toList();
    return new Figure(
        "mask update at every 100th step (" + way + ") / training",
        network,
        Measurements.of(shares),
        String.format(
            Locale.ROOT,
            "%.1f ms / (100 × %.2f ms)",
            1e3 * Measurements.of(updates).median(),
            1e3 * Measurements.of(steps).median()),
        BUDGET);
  }
}
