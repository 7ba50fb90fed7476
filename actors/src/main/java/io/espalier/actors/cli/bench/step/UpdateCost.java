package io.espalier.actors.cli.bench.step;

import io.espalier.actors.cli.bench.figure.Budget;
import io.espalier.actors.cli.bench.figure.Figure;
import io.espalier.actors.cli.bench.figure.Sample;
import io.espalier.trainer.data.source.DataHome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a mask update costs, from the replica's state to the masks in force, sync included, as a
 * share of training when there is one every hundred steps.
 */
final class UpdateCost {
  private static final int INTERVAL = 100;
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

  static List<Figure> measure(String network, DataHome home, int rounds) {
    List<Figure> figures = new ArrayList<>();
    for (Map.Entry<String, String> way : WAYS.entrySet()) {
      try (Subject subject =
          new Subject(
              BenchRecipe.of(
                  network,
                  home,
                  "train.sync-every=1",
                  GRADUAL.formatted(rounds + 10),
                  way.getValue()))) {
        figures.add(figure(way.getKey(), network, subject, rounds));
      }
    }
    return figures;
  }

  private static Figure figure(String way, String network, Subject subject, int rounds) {
    subject.round();
    subject.round();
    List<Double> shares = new ArrayList<>();
    List<Double> updates = new ArrayList<>();
    List<Double> steps = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Subject.Round measured = subject.round();
      updates.add(measured.syncSeconds());
      steps.add(measured.stepSeconds());
      shares.add(
          measured.syncSeconds() / (measured.syncSeconds() + INTERVAL * measured.stepSeconds()));
    }
    return new Figure(
        "mask update at every 100th step (" + way + ") / training",
        network,
        Sample.of(shares),
        String.format(
            Locale.ROOT,
            "%.1f ms / (100 × %.2f ms)",
            1e3 * Sample.of(updates).median(),
            1e3 * Sample.of(steps).median()),
        Optional.of(BUDGET));
  }
}
