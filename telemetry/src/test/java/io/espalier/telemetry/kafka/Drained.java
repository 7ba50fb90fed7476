package io.espalier.telemetry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/**
 * Waits until all events are on the broker. {@link Shipper#drain} gives up after one attempt at a
 * broker that never answered, which on a busy machine only means that it did not answer in time.
 */
public final class Drained {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Drained() {}

  public static void await(Shipper shipper) {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    boolean drained = shipper.drain(LIMIT);
    while (!drained && System.nanoTime() < untilNs) {
      drained = shipper.drain(LIMIT);
    }
    assertThat(drained)
        .as(
            () ->
                "events must be shipped within %s: problem=%s".formatted(LIMIT, shipper.problem()))
        .isTrue();
  }
}
