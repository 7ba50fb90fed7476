package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockWatchTest {
  private final AtomicLong wallMs = new AtomicLong(1_000);
  private final AtomicLong elapsedNs = new AtomicLong(-5);
  private final ClockWatch watch = new ClockWatch(wallMs::get, elapsedNs::get);

  @ParameterizedTest
  @CsvSource({
    "60, forward by 60 s",
    "3600, forward by 3600 s",
    "315360000, forward by 315360000 s",
    "-315360000, back by 315360000 s"
  })
  void step_ofTheWallClock_isReportedOnce(long seconds, String reported) {
    pass(Duration.ofSeconds(10));
    wallMs.addAndGet(1_000 * seconds);

    assertThat(watch.step()).hasValueSatisfying(text -> assertThat(text).contains(reported));
    assertThat(watch.step()).isEmpty();
  }

  @Test
  void step_timeThatPassesAndIsSlewed_isNone() {
    pass(Duration.ofDays(400));
    wallMs.addAndGet(29_000);

    assertThat(watch.step()).isEmpty();
  }

  private void pass(Duration time) {
    wallMs.addAndGet(time.toMillis());
    elapsedNs.addAndGet(time.toNanos());
  }
}
