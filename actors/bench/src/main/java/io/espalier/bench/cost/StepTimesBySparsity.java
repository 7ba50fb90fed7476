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
 * @param denseFlop floating-point operations of a dense step
 * @param torch version and BLAS of PyTorch, if it was there
 * @param seconds by round: of the dense network, then for each sparsity of kept weights and of the
 *     narrow network; then of PyTorch, if it was there
 */
record StepTimesBySparsity(
    String network,
    Map<String, Double> leastSpeedUps,
    long denseFlop,
    Optional<String> torch,
    List<List<Double>> seconds) {
  List<String> sparsities() {
    return List.copyOf(leastSpeedUps.keySet());
  }

  /** Ratios, rates of dense steps, and ratios to PyTorch's dense step where that is the faster. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    figures.add(rate("dense step, GFLOP/s", engine()));
    int at = 1;
    for (Map.Entry<String, Double> each : leastSpeedUps.entrySet()) {
      figures.add(
          figure(
              "dense step / sparse step at " + each.getKey(),
              engine(),
              seconds.get(at++),
              Optional.of(Budget.atLeast(each.getValue())).filter(budget -> budget.bound() > 0)));
      figures.add(
          figure(
              "dense step / step of fewer channels at " + each.getKey(),
              engine(),
              seconds.get(at++),
              Optional.empty()));
    }
    torch.ifPresent(name -> figures.addAll(besideTorch(" with " + name)));
    return figures;
  }

  private List<Figure> besideTorch(String with) {
    List<Double> dense = seconds.get(seconds.size() - 1);
    List<Figure> figures = new ArrayList<>();
    figures.add(figure("dense step / dense step of PyTorch", engine(), dense, Optional.empty()));
    figures.add(rate("dense step of PyTorch, GFLOP/s", dense));
    if (Measurements.of(dense).median() < Measurements.of(engine()).median()) {
      int at = 1;
      for (String sparsity : leastSpeedUps.keySet()) {
        figures.add(
            figure(
                "fastest dense step (PyTorch) / sparse step at " + sparsity,
                dense,
                seconds.get(at),
                Optional.empty()));
        at += 2;
      }
    }
    return figures.stream().map(each -> each.from(each.basis() + with)).toList();
  }

  private List<Double> engine() {
    return seconds.get(0);
  }

  private Figure rate(String what, List<Double> dense) {
    return new Figure(
        what,
        network,
        Measurements.of(dense.stream().map(this::gigaflopPerSecond).toList()),
        String.format(
            Locale.ROOT,
            "%.1f MFLOP / %.2f ms",
            denseFlop / 1e6,
            1e3 * Measurements.of(dense).median()));
  }

  private double gigaflopPerSecond(double seconds) {
    return denseFlop / seconds / 1e9;
  }

  private Figure figure(
      String what, List<Double> dense, List<Double> subject, Optional<Budget> budget) {
    double denseSeconds = Measurements.of(dense).median();
    return new Figure(
        what,
        network,
        Measurements.ofRatios(dense, subject),
        String.format(
            Locale.ROOT,
            "%.2f ms at %.0f GFLOP/s / %.2f ms",
            1e3 * denseSeconds,
            gigaflopPerSecond(denseSeconds),
            1e3 * Measurements.of(subject).median()),
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
