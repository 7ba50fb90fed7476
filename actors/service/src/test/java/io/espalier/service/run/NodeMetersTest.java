package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeMetersTest {
  private final AtomicLong nowNs = new AtomicLong(5);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final NodeMeters meters = new NodeMeters(registry, nowNs::get);

  @Test
  void pendingWrites_showTheAgeOfTheOldest() {
    meters.writing("run|a");
    pass(3);
    meters.writing("run|b");
    pass(2);

    assertThat(gauge("espalier.journal.pending")).isEqualTo(2);
    assertThat(gauge("espalier.journal.lag")).isEqualTo(5);
  }

  @Test
  void confirmedWrite_isMeasured_andNoLongerPending() {
    meters.writing("run|a");
    pass(4);
    meters.written("run|a");

    assertThat(gauge("espalier.journal.pending")).isZero();
    assertThat(gauge("espalier.journal.lag")).isZero();
    assertThat(registry.get("espalier.journal.write").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(4);
  }

  @Test
  void writeThatFailed_staysPendingUntilItsWriterRecovers_andIsNotMeasured() {
    meters.writing("run|a");
    pass(60);
    assertThat(gauge("espalier.journal.lag")).isEqualTo(60);

    meters.recovered("run|a");

    assertThat(gauge("espalier.journal.lag")).isZero();
    assertThat(registry.get("espalier.journal.write").timer().count()).isZero();
  }

  @Test
  void waits_ofClocksThatDisagree_countAsNone() {
    meters.started(Duration.ofSeconds(90));
    meters.started(Duration.ofSeconds(-1));

    assertThat(registry.get("espalier.queue.wait").timer().count()).isEqualTo(2);
    assertThat(registry.get("espalier.queue.wait").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(90);
  }

  private void pass(long seconds) {
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
