package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StepPaceTest {
  private static final long SECOND = 1_000_000_000;
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  private final StepPace pace = new StepPace();

  @Test
  void pace_ofOneMoment_isUnknown() {
    pace.note(5, 0);

    assertThat(pace.perSecond(SECOND)).isEmpty();
  }

  @Test
  void pace_isThatOfTheLastMinute() {
    pace.note(0, 0);
    for (int second = 1; second <= 200; second++) {
      pace.note(second <= 100 ? second : 100 + 3L * (second - 100), second * SECOND);
    }

    assertThat(pace.perSecond(200 * SECOND).orElseThrow()).isEqualTo(3, CLOSE);
  }

  @Test
  void pace_ofARunThatCompletesNoStep_falls() {
    pace.note(0, 0);
    pace.note(10, SECOND);
    pace.note(20, 2 * SECOND);
    pace.note(20, 20 * SECOND);

    assertThat(pace.perSecond(3 * SECOND).orElseThrow()).isEqualTo(10, CLOSE);
    assertThat(pace.perSecond(20 * SECOND).orElseThrow()).isEqualTo(1, CLOSE);
    assertThat(pace.perSecond(200 * SECOND).orElseThrow()).isEqualTo(0.1, CLOSE);
  }

  @Test
  void pace_ofReportsAtOneTime_isFinite() {
    pace.note(0, 7);
    pace.note(10, 7);

    assertThat(pace.perSecond(7).orElseThrow()).isFinite();
  }
}
