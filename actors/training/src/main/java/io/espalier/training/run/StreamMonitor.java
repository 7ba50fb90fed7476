package io.espalier.training.run;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.kafka.TopicStart;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reports a silent stream, and records that hold no example: the first at once, later ones folded.
 * Shared by all readers of a run. Thread-safe.
 */
final class StreamMonitor {
  private static final double FIRST_REPORT_SECONDS = 10;
  private static final double LONGEST_SILENCE_SECONDS = 3_600;
  private static final long FOLD_NS = Duration.ofSeconds(5).toNanos();

  private final TopicStart topic;
  private final Consumer<Event> events;
  private final LongSupplier clockNs;
  private final long[] seen;
  private double reportAtSeconds = FIRST_REPORT_SECONDS;
  private boolean silent;
  private long skips;
  private Optional<HostEvent.RecordsSkipped> newest = Optional.empty();
  private long reportedSkipsNs;
  private boolean skipsReported;

  StreamMonitor(TopicStart topic, Consumer<Event> events, LongSupplier clockNs) {
    this.topic = topic;
    this.events = events;
    this.clockNs = clockNs;
    seen = new long[topic.partitions().size()];
  }

  /** Records before these offsets were reported already. */
  synchronized void begin(Iterable<Long> offsets) {
    int index = 0;
    for (long offset : offsets) {
      seen[index++] = offset;
    }
  }

  synchronized void waits(int index, double seconds, Optional<String> problem) {
    if (seconds < reportAtSeconds) {
      return;
    }
    reportSkips();
    silent = true;
    reportAtSeconds = Math.min(3 * seconds, seconds + LONGEST_SILENCE_SECONDS);
    events.accept(
        new HostEvent.StreamWaiting(
            topic.topic(),
            topic.partitions().get(index),
            seconds,
            problem.orElse(
                topic.partitions().size() == 1
                    ? "no new record"
                    : "no new record; partitions take turns, so others wait for this one")));
  }

  synchronized void flows(double seconds) {
    if (silent) {
      silent = false;
      reportAtSeconds = FIRST_REPORT_SECONDS;
      events.accept(new HostEvent.StreamFlowing(topic.topic(), seconds));
    }
  }

  /** A record was skipped; several readers may report it. */
  synchronized void skipped(int index, long offset, String reason) {
    if (offset < seen[index]) {
      return;
    }
    seen[index] = offset + 1;
    skips++;
    newest =
        Optional.of(
            new HostEvent.RecordsSkipped(
                topic.topic(), skips, topic.partitions().get(index), offset, reason));
    if (!skipsReported || clockNs.getAsLong() - reportedSkipsNs >= FOLD_NS) {
      reportSkips();
    }
  }

  synchronized void reportSkips() {
    newest.ifPresent(events);
    if (newest.isPresent()) {
      skipsReported = true;
      reportedSkipsNs = clockNs.getAsLong();
      skips = 0;
      newest = Optional.empty();
    }
  }
}
