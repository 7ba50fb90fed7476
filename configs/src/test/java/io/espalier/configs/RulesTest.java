package io.espalier.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.configs.InvalidConfigException.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RulesTest {
  @Test
  void record_severalBrokenRules_namesAll() {
    assertThatExceptionOfType(Rules.BrokenRulesException.class)
        .isThrownBy(() -> new OptimizerConfig.Sgd(1, -1))
        .withMessage(
            "momentum must be at least 0 and below 1: momentum=1.0;"
                + " weight-decay must be from 0 to 1: weight-decay=-1.0")
        .satisfies(e -> assertThat(e.violations()).hasSize(2));
  }

  @Test
  void invalidConfig_severalProblems_areOneLineEach() {
    InvalidConfigException invalid =
        new InvalidConfigException(
            List.of(
                new Problem(Optional.of("a.conf:3"), "seed", "seed must be a whole number: seed=x"),
                new Problem(Optional.empty(), "prune.schedule.begin", "too late")));

    assertThat(invalid)
        .hasMessage(
            """
            a.conf:3: seed: seed must be a whole number: seed=x
            prune.schedule.begin: too late""");
  }
}
