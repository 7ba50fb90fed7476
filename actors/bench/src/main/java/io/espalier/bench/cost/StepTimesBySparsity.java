package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What steps of one network took.
 *
 * @param capability of the engine, as {@code EngineCapability} names it
 * @param denseFlop floating-point operations of a dense step
 * @param engine seconds of its dense step by round
 * @param torch PyTorch, if it was there
 */
record StepTimesBySparsity(
    String network,
    Instructions instructions,
    String capability,
    long denseFlop,
    List<Double> engine,
    List<Timed> contenders,
    Optional<TimedTorch> torch) {
  /** Steps, and the seconds that one of them took by round. */
  record Timed(StepContender contender, List<Double> seconds) {}

  /**
   * Dense steps of PyTorch, by round.
   *
   * @param name version and BLAS
   */
  record TimedTorch(String name, List<Double> seconds) {}

  StepTimesBySparsity {
    engine = List.copyOf(engine);
    contenders = List.copyOf(contenders);
  }

  List<String> sparsities() {
    return contenders.stream().map(each -> each.contender().sparsity()).distinct().toList();
  }

  /** Ratios, rates of dense steps, and ratios to PyTorch's dense step where that is the faster. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    Figure rate = rate("dense step, GFLOP/s", engine);
    figures.add(rate.from(rate.basis() + " with " + capability));
    for (Timed each : contenders) {
      double least = each.contender().leastSpeedUp();
      figures.add(
          figure(
              "dense step / %s at %s"
                  .formatted(each.contender().kind().step(), each.contender().sparsity()),
              engine,
              each.seconds(),
              Optional.of(Budget.atLeast(least)).filter(budget -> budget.bound() > 0)));
    }
    torch.ifPresent(beside -> figures.addAll(beside(beside)));
    return figures;
  }

  private List<Figure> beside(TimedTorch torch) {
    List<Double> dense = torch.seconds();
    List<Figure> figures = new ArrayList<>();
    figures.add(figure("dense step / dense step of PyTorch", engine, dense, Optional.empty()));
    figures.add(rate("dense step of PyTorch, GFLOP/s", dense));
    if (Measurements.of(dense).median() < Measurements.of(engine).median()) {
      contenders.stream()
          .filter(each -> each.contender().kind() != StepKind.CHANNELS)
          .forEach(
              each ->
                  figures.add(
                      figure(
                          "fastest dense step (PyTorch) / %s at %s"
                              .formatted(
                                  each.contender().kind().step(), each.contender().sparsity()),
                          dense,
                          each.seconds(),
                          Optional.empty())));
    }
    return figures.stream().map(each -> each.from(each.basis() + " with " + torch.name())).toList();
  }

  private Figure rate(String what, List<Double> dense) {
    return new Figure(
        instructions.named(what),
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
        instructions.named(what),
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

  /** Shares of the dense step by sparsity; empty where the network has no such steps. */
  Map<String, Double> shares(StepKind kind) {
    Map<String, Double> shares = new LinkedHashMap<>();
    contenders.stream()
        .filter(each -> each.contender().kind() == kind)
        .forEach(
            each ->
                shares.put(
                    each.contender().sparsity(),
                    Measurements.ofRatios(each.seconds(), engine).median()));
    return shares;
  }
}
