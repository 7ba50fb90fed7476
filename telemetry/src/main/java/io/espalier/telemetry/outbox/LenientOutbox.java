package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.Topic;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Appends to an outbox whose disk may be full for a while. Unwritable events are counted and lost;
 * on compacted topics the newest event per key waits. Once there is room, an {@link
 * HostEvent.EventsLost} reports the gap, then the waiting events follow. Lost events have no
 * sequence, so sequences stay without gaps. Thread-safe.
 */
public final class LenientOutbox {
  private final Outbox outbox;
  private final Consumer<String> warnings;
  private final Map<String, Event> waiting = new LinkedHashMap<>();
  private final Map<String, Long> lost = new TreeMap<>();
  private Optional<String> cause = Optional.empty();

  public LenientOutbox(Outbox outbox, Consumer<String> warnings) {
    this.outbox = outbox;
    this.warnings = warnings;
  }

  /** Appends events in one write; where that fails, all of them are missing. */
  public synchronized void append(List<Event> events) {
    try {
      closeGap();
      outbox.append(events);
    } catch (UncheckedIOException e) {
      events.forEach(event -> miss(event, e));
    }
  }

  /**
   * Returns when all events are on disk and losses are reported.
   *
   * @throws UncheckedIOException if there is still no room
   */
  public synchronized void flush() {
    closeGap();
    outbox.flush();
  }

  /** The gap ends only when all waiting events are written: an older state must not come later. */
  private void closeGap() {
    if (cause.isEmpty()) {
      return;
    }
    if (!lost.isEmpty()) {
      long count = lost.values().stream().mapToLong(Long::longValue).sum();
      outbox.append(new HostEvent.EventsLost(count, lost, cause.get()));
      warnings.accept(
          "events are written again; lost in between: %d, of %s".formatted(count, lost.keySet()));
      lost.clear();
    }
    Iterator<Event> states = waiting.values().iterator();
    while (states.hasNext()) {
      outbox.append(states.next());
      states.remove();
    }
    cause = Optional.empty();
  }

  private void miss(Event event, UncheckedIOException failure) {
    if (cause.isEmpty()) {
      cause = Optional.of(String.valueOf(failure.getMessage()));
      warnings.accept("events are lost while training goes on: " + failure.getMessage());
    }
    Topic topic = EventType.of(event).topic();
    if (topic.cleanup() == Topic.Cleanup.COMPACT) {
      String key = topic + " " + Envelope.keyOf(outbox.run(), event);
      waiting.remove(key);
      waiting.put(key, event);
    } else {
      lost.merge(topic.topicName(), 1L, Long::sum);
    }
  }
}
