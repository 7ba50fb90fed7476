package io.espalier.telemetry.live;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Iterates over the events of one run from the beginning, each once, and optionally over new ones.
 * Present events come in the order of attempt, time, source and sequence, later ones in order of
 * arrival; unknown types are left out. For one thread, except {@link #stop}.
 */
public final class EventTail implements Iterator<Envelope>, AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final Comparator<RawEnvelope> ORDER =
      Comparator.comparingInt(RawEnvelope::attempt)
          .thenComparing(RawEnvelope::time)
          .thenComparing(RawEnvelope::source)
          .thenComparingLong(RawEnvelope::sequence);

  private final EventSource source;
  private final String reason;
  private final boolean follow;
  private final Deque<Envelope> ready = new ArrayDeque<>();
  private final Map<String, SeenSequences> seen = new HashMap<>();
  private volatile boolean stopped;

  private EventTail(EventSource source, String reason, List<RawEnvelope> past, boolean follow) {
    this.source = source;
    this.reason = reason;
    this.follow = follow;
    take(past);
  }

  /**
   * Opens a run's tail at a broker, else at the run directory. With {@code follow} {@link #hasNext}
   * waits for more at the end.
   *
   * @throws IOException if neither has the run
   */
  public static EventTail open(
      RunId run, Optional<BrokerAccess> broker, Optional<Path> runDirectory, boolean follow)
      throws IOException {
    if (runDirectory.isEmpty()) {
      BrokerAccess access =
          broker.orElseThrow(
              () -> new IOException("a run must have a directory here or a broker: run=" + run));
      return open(KafkaSource.open(run, access), "", follow);
    }
    String reason = "no broker is up";
    if (broker.isPresent()) {
      try {
        EventTail tail = open(KafkaSource.open(run, broker.get()), "", follow);
        if (!tail.ready.isEmpty()) {
          return tail;
        }
        tail.close();
        reason = "broker " + broker.get().address() + " has no events of it";
      } catch (IOException e) {
        reason = String.valueOf(e.getMessage());
      }
    }
    return open(OutboxSource.open(runDirectory.get()), reason, follow);
  }

  /**
   * Returns all records of a run on a broker, per topic in order, duplicates included.
   *
   * @throws IOException if the broker does not answer, or a record is no event
   */
  public static List<RawEnvelope> shipped(RunId run, BrokerAccess broker) throws IOException {
    try (KafkaSource source = KafkaSource.open(run, broker)) {
      return source.past();
    }
  }

  private static EventTail open(EventSource source, String reason, boolean follow)
      throws IOException {
    try {
      return new EventTail(source, reason, source.past(), follow);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  public Optional<String> withoutBroker() {
    return source instanceof KafkaSource ? Optional.empty() : Optional.of(reason);
  }

  /**
   * Whether there is another event; a following tail waits for it until {@link #stop}.
   *
   * @throws UncheckedIOException if the source fails
   */
  @Override
  public boolean hasNext() {
    try {
      while (ready.isEmpty() && follow && !stopped) {
        take(source.next(WAIT));
      }
      return !ready.isEmpty() && !stopped;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Envelope next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the tail must have another event");
    }
    return ready.remove();
  }

  /** Ends the tail, from any thread: {@link #hasNext} turns false, also while it waits. */
  public void stop() {
    stopped = true;
    source.stop();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private void take(List<RawEnvelope> found) {
    found.stream().filter(this::isNew).sorted(ORDER).flatMap(EventTail::decode).forEach(ready::add);
  }

  private boolean isNew(RawEnvelope envelope) {
    String stream = envelope.source() + " " + envelope.topic();
    return seen.computeIfAbsent(stream, key -> new SeenSequences()).add(envelope.sequence());
  }

  private static Stream<Envelope> decode(RawEnvelope envelope) {
    try {
      return envelope.decode().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
