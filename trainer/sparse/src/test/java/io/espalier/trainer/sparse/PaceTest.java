package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
  private final Pace pace = new Pace();

  /** How many of so many passes are divided, if those take this time, and others 1. */
  private int divided(int passes, double time) {
    int count = 0;
    for (int i = 0; i < passes; i++) {
      boolean divides = pace.divides();
      pace.took(divides, divides ? time : 1);
      count += divides ? 1 : 0;
    }
    return count;
  }

  @Test
  void fasterWay_isTaken_andTheOtherTriedSeldom() {
    assertThat(divided(10_000, 0.6)).isBetween(9_975, 9_999);
  }

  @Test
  void slowerWay_isTriedSeldom() {
    assertThat(divided(10_000, 8)).isBetween(1, 25);
  }

  @Test
  void busyCores_endTheDivision_andFreeOnesBringItBack() {
    divided(100, 0.6);

    assertThat(divided(1_000, 5)).isLessThan(20);
    assertThat(divided(4_000, 0.6)).isGreaterThan(2_000);
  }

  @Test
  void equalTimes_keepOneWay() {
    assertThat(divided(10_000, 1)).isLessThan(50);
  }
}
