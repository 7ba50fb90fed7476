package io.espalier.configs;

import java.util.List;
import java.util.Optional;

/**
 * How an optimizer step changes the weights.
 *
 * @param clipNorm largest norm that the masked gradient of all parameters together may have; empty
 *     means any
 * @param rules what acts around each optimizer step, in this order
 * @param freeze globs over names of parameters that are not trained
 */
public record StepConfig(
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    Optional<Double> clipNorm,
    List<MemberSettings> rules,
    List<String> freeze) {
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
            "rules",
            rules,
            rules.stream().allMatch(rule -> rule.paths().isEmpty()),
            "without files")
        .verify();
  }

  /** Trains all parameters, without rules. */
  public StepConfig(
      OptimizerConfig optimizer, LearningRateConfig learningRate, Optional<Double> clipNorm) {
    this(optimizer, learningRate, clipNorm, List.of(), List.of());
  }
}
