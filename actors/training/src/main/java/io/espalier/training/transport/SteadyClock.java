package io.espalier.training.transport;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * Milliseconds since the epoch by a wall clock that is read once, plus the time that passed since.
 * Aeron takes a step of its epoch clock for a driver or client that has died. Thread-safe.
 */
final class SteadyClock implements EpochClock {
  private final long startMs;
  private final NanoClock elapsed;
  private final long startNs;

  SteadyClock(EpochClock wall, NanoClock elapsed) {
    this.startMs = wall.time();
    this.elapsed = elapsed;
    this.startNs = elapsed.nanoTime();
  }

  @Override
  public long time() {
    return startMs + TimeUnit.NANOSECONDS.toMillis(elapsed.nanoTime() - startNs);
  }
}
