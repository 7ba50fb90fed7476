package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TallyTest {
  private final VoidedSteps voided = new VoidedSteps();
  private final Tally tally = new Tally(voided, 2);

  @Test
  void total_manySteps_isTheSumOfAll() {
    for (int step = 1; step <= 10 * Tally.MOST; step++) {
      tally.add(1, step, 1, step);
    }

    assertThat(tally.total(0)).isEqualTo(10 * Tally.MOST);
    assertThat(tally.total(1)).isEqualTo(5.0 * Tally.MOST * (10 * Tally.MOST + 1));
  }

  @Test
  void add_sameStepAndAttempt_addsUp() {
    tally.add(1, 1, 2, 0);
    tally.add(1, 1, 3, 0);

    assertThat(tally.total(0)).isEqualTo(5);
  }

  @Test
  void put_laterAttempt_replacesTheStepAndTakesBackWhatFollows() {
    tally.put(1, 1, 1, 0);
    tally.put(1, 2, 2, 0);
    tally.put(1, 3, 4, 0);

    tally.put(2, 2, 8, 0);

    assertThat(tally.total(0)).isEqualTo(9);
  }

  @Test
  void cut_newestSteps_isExact() {
    for (int step = 1; step <= 1_000; step++) {
      tally.add(1, step, 1, 0);
    }

    voided.add(2, 901);
    tally.add(1, 950, 1, 0);

    assertThat(tally.total(0)).isEqualTo(900);
  }

  @Test
  void cut_fromTheBeginning_isExact() {
    for (int step = 1; step <= 1_000; step++) {
      tally.add(1, step, 1, 0);
    }

    voided.add(2, 0);

    assertThat(tally.total(0)).isZero();
  }

  @Test
  void cut_furtherBackThanWhatIsKept_takesOffTheShareOfTheSteps() {
    for (int step = 1; step <= 1_000; step++) {
      tally.add(1, step, 1, 0);
    }

    voided.add(2, 301);

    assertThat(tally.total(0)).isCloseTo(300, within(1.0));
  }
}
