package io.espalier.bench.cost;

import java.util.List;

/**
 * Steps that are timed beside the engine's dense ones.
 *
 * @param sparsity that they are of, or that their multiply-accumulates are those of
 * @param settings beside those of the network
 * @param leastSpeedUp that they should have; 0 where there is no bound
 */
record StepContender(
    StepKind kind, String sparsity, String model, List<String> settings, double leastSpeedUp) {
  StepContender {
    settings = List.copyOf(settings);
  }

  StepContender withLeastSpeedUp(double bound) {
    return new StepContender(kind, sparsity, model, settings, bound);
  }

  boolean isDense() {
    return kind == StepKind.WEIGHTS && sparsity.equals("0%");
  }
}
