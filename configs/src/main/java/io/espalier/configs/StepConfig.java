package io.espalier.configs;

import java.util.List;
import java.util.Optional;

/**
 * How an optimizer step changes the weights.
 *
 * @param clipNorm largest norm that the masked gradient of all parameters together may have; empty
 *     means any
 * @param accumulate passes over batches whose mean gradient a step takes
 * @param average what is kept of the weights' way; empty for the last ones
 * @param rules what acts around each optimizer step, in this order
 * @param freeze globs over names of parameters that are not trained
 */
public record StepConfig(
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    Optional<Double> clipNorm,
    int accumulate,
    Optional<AverageConfig> average,
    List<MemberSettings> rules,
    List<String> freeze) {
  private static final int MOST_PASSES = 1024;

  public StepConfig {
    rules = List.copyOf(rules);
    freeze = List.copyOf(freeze);
    new Rules()
        .require(
            "clip-norm",
            clipNorm.map(String::valueOf).orElse("none"),
            clipNorm.filter(norm -> !(norm > 0 && Double.isFinite(norm))).isEmpty(),
            "above 0, or none")
        .require(
            "accumulate",
            accumulate,
            accumulate >= 1 && accumulate <= MOST_PASSES,
            "from 1 to " + MOST_PASSES)
        .require(
            "rules",
            rules,
            rules.stream().allMatch(rule -> rule.paths().isEmpty()),
            "without files")
        .verify();
  }

  /** Trains all parameters, without rules. */
  public StepConfig(
      OptimizerConfig optimizer, LearningRateConfig learningRate, Optional<Double> clipNorm) {
    this(optimizer, learningRate, clipNorm, 1, Optional.empty(), List.of(), List.of());
  }
}
