package io.espalier.masks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.Recipes;
import org.junit.jupiter.api.Test;

class ExchangeScheduleTest {
  private static final MemberSettings EVERY_100 =
      Recipes.exchanging("rigl", new Span.Steps(100), new Span.Percent(75), .3);

  @Test
  void rigL_share_fallsByACosine() {
    ExchangeSchedule course = ExchangeSchedule.of(EVERY_100, true, 0, 1600, 100);

    assertThat(course.end()).isEqualTo(1200);
    double[] expected = {.3, .256066, .15, .043934, 0};
    for (int quarter = 0; quarter < expected.length; quarter++) {
      assertThat(course.shareAt(300L * quarter)).isCloseTo(expected[quarter], within(5e-7));
    }
    assertThat(course.shareAt(1300)).isZero();
  }

  @Test
  void rigL_steps_areMultiplesBeforeTheEnd() {
    ExchangeSchedule course = ExchangeSchedule.of(EVERY_100, true, 0, 600, 100);

    assertThat(course.steps().toArray()).containsExactly(100, 200, 300, 400);
  }

  @Test
  void set_share_staysUntilTheEnd() {
    ExchangeSchedule course =
        ExchangeSchedule.of(
            Recipes.exchanging("set", new Span.Epochs(1), new Span.Epochs(3), .2),
            false,
            150,
            1000,
            100);

    assertThat(course.steps().toArray()).containsExactly(200);
    assertThat(course.shareAt(299)).isEqualTo(.2);
    assertThat(course.shareAt(300)).isZero();
  }
}
