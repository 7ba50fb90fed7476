package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A process's resource use over time. */
final class ResourcesView {
  /** Series over time are never voided. */
  private static final int ANY_ATTEMPT = 1;

  private static final double LONGEST_INTERVAL = 86_400;

  private final SeriesSet series = new SeriesSet(new VoidedSteps());
  private Optional<ResourcesMeasured> newest = Optional.empty();
  private Instant beat = Instant.MIN;

  void take(Envelope envelope) {
    if (envelope.event() instanceof ResourcesMeasured measured) {
      long time = envelope.time().toEpochMilli();
      put("cpu", time, measured.processCpu());
      put("heap", time, (double) measured.heapBytes());
      put("resident", time, (double) measured.residentBytes());
      put("backPressure", time, (double) measured.backPressure());
      put("threads", time, measured.threads());
      put("unshipped", time, (double) measured.unshippedBytes());
      put("mailbox", time, (double) measured.mailboxDepth());
      put("native", time, (double) measured.nativeBytes());
      if (!envelope.time().isBefore(beat)) {
        beat = envelope.time();
        newest = Optional.of(measured);
      }
    }
  }

  private void put(String name, long time, double value) {
    series.put("system/" + name, ANY_ATTEMPT, time, value);
  }

  SeriesSet series() {
    return series;
  }

  Optional<ObjectNode> json() {
    return newest.map(measured -> ViewJson.of(measured).put("time", beat.toEpochMilli()));
  }

  Duration interval() {
    double seconds = newest.map(ResourcesMeasured::intervalSeconds).orElse(0.0);
    return Duration.ofMillis((long) (1_000 * Math.max(0, Math.min(LONGEST_INTERVAL, seconds))));
  }

  Optional<Instant> beat() {
    return newest.map(measured -> beat);
  }
}
