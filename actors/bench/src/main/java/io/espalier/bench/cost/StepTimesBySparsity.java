package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What steps of one network took.
 *
 * @param leastSpeedUps by sparsity, 0 without a bound
 * @param seconds by round: of the dense network, then for each sparsity of kept weights and of the
 *     narrow network; then of PyTorch, if it was there
 */
record StepTimesBySparsity(
    String network, Map<String, Double> leastSpeedUps, List<List<Double>> seconds) {
  List<String> sparsities() {
    return List.copyOf(leastSpeedUps.keySet());
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    leastSpeedUps.forEach(
        (sparsity, bound) -> {
          int at = 1 + figures.size();
          figures.add(
              figure(
                  "dense step / sparse step at " + sparsity,
                  at,
                  Optional.of(Budget.atLeast(bound)).filter(budget -> budget.bound() > 0)));
          figures.add(
              figure(
                  "dense step / step of fewer channels at " + sparsity, at + 1, Optional.empty()));
        });
    if (figures.size() + 1 < seconds.size()) {
      figures.add(
          figure("dense step / dense step of PyTorch", figures.size() + 1, Optional.empty()));
    }
    return figures;
  }

  private Figure figure(String what, int at, Optional<Budget> budget) {
    return new Figure(
        what,
        network,
        Measurements.ofRatios(seconds.get(0), seconds.get(at)),
        String.format(
            Locale.ROOT,
            "%.2f ms / %.2f ms",
            1e3 * Measurements.of(seconds.get(0)).median(),
            1e3 * Measurements.of(seconds.get(at)).median()),
        budget);
  }

  /** By sparsity, as shares of the dense step; of kept weights, or of the narrow networks. */
  double[] shares(boolean narrow) {
    double[] shares = new double[leastSpeedUps.size()];
    for (int i = 0; i < shares.length; i++) {
      List<Double> subject = seconds.get(1 + 2 * i + (narrow ? 1 : 0));
      shares[i] = Measurements.ofRatios(subject, seconds.get(0)).median();
    }
    return shares;
  }
}
