package io.espalier.configs;

import io.espalier.configs.RoundsConfig.AggregationConfig;
import java.util.Optional;

/**
 * How the server merges the clients' updates, and what it bounds.
 *
 * @param largestNorm norm beyond which a client's update is refused; empty for any
 * @param normBound norm, as a multiple of the round's median, that a mean scales a client's update
 *     down to; empty for any
 * @param weightBound examples, as a multiple of the round's median, that a client counts by at
 *     most; empty for any
 * @param lossBound how much a round may raise the loss on the server's held-out examples to be
 *     adopted, as a multiple of the loss of guessing; empty for any
 * @param largestExamples examples that a client may count by at most
 */
public record MergeConfig(
    AggregationConfig aggregation,
    Optional<Double> largestNorm,
    Optional<Double> normBound,
    Optional<Double> weightBound,
    Optional<Double> lossBound,
    int largestExamples) {
  public MergeConfig {
    new Rules()
        .require("largest-examples", largestExamples, largestExamples >= 1, "1 or more")
        .require("largest-norm", shown(largestNorm), isNorm(largestNorm), "above 0, or none")
        .require("norm-bound", shown(normBound), isFactor(normBound), "1 or more, or none")
        .require("weight-bound", shown(weightBound), isFactor(weightBound), "1 or more, or none")
        .require("loss-bound", shown(lossBound), isNorm(lossBound), "above 0, or none")
        .verify();
  }

  static boolean isNorm(Optional<Double> norm) {
    return norm.filter(value -> !(value > 0 && Double.isFinite(value))).isEmpty();
  }

  private static boolean isFactor(Optional<Double> bound) {
    return bound.filter(value -> !(value >= 1 && Double.isFinite(value))).isEmpty();
  }

  static String shown(Optional<Double> norm) {
    return norm.map(String::valueOf).orElse("none");
  }
}
