package io.espalier.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class SpanTest {
  @Test
  void resolve_shares_areRoundedDownButNotBelowTheirExactValue() {
    assertThat(new Span.Percent(29).resolve(100, 10)).isEqualTo(29);
    assertThat(new Span.Percent(66.67).resolve(4680, 468)).isEqualTo(3120);
    assertThat(new Span.Percent(10).resolve(99, 9)).isEqualTo(9);
    assertThat(new Span.Percent(100).resolve(4680, 468)).isEqualTo(4680);
  }

  @Test
  void resolve_epochsAndSteps_dependOnlyOnTheEpochOrOnNothing() {
    assertThat(new Span.Epochs(1.5).resolve(1000, 469)).isEqualTo(703);
    assertThat(new Span.Steps(16).resolve(10, 5)).isEqualTo(16);
  }

  @Test
  void isZero_spansOfNothing_areZero() {
    assertThat(new Span.Steps(0).isZero()).isTrue();
    assertThat(new Span.Epochs(0).isZero()).isTrue();
    assertThat(new Span.Percent(0).isZero()).isTrue();
    assertThat(new Span.Percent(1e-9).isZero()).isFalse();
  }

  @Test
  void constructor_outOfRange_namesRuleAndValue() {
    assertThatExceptionOfType(Rules.BrokenRulesException.class)
        .isThrownBy(() -> new Span.Percent(101))
        .withMessage("percent must be from 0% to 100%: percent=101.0");
    assertThatExceptionOfType(Rules.BrokenRulesException.class)
        .isThrownBy(() -> new Span.Epochs(Double.POSITIVE_INFINITY))
        .withMessage("epochs must be 0 or more: epochs=Infinity");
  }
}
