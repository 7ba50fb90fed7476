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
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private static final Comparator<RunId> BY_VALUE = Comparator.comparing(RunId::value);

  private final EventSource source;
  private final boolean follow;
  private final Deque<Envelope> ready = new ArrayDeque<>();
  private final Map<String, SeenSequences> seen = new HashMap<>();
  private volatile boolean stopped;

  private EventTail(EventSource source, List<RawEnvelope> past, boolean follow) {
    this.source = source;
    this.follow = follow;
    take(past);
  }

  /**
   * Opens the tail of the run in a directory, from its outbox. With {@code follow} {@link #hasNext}
   * waits for more at the end.
   *
   * @throws IOException if the directory has no outbox that can be read
   */
  public static EventTail of(Path runDirectory, boolean follow) throws IOException {
    return open(OutboxSource.open(runDirectory), follow);
  }

  /**
   * Opens the tail of a run on a broker: of the run with this id, else of the only one that {@link
   * RunId#isOf} the name. With {@code follow} {@link #hasNext} waits for more at the end.
   *
   * @throws IOException if the broker does not answer, or several runs have the name
   */
  public static EventTail of(String name, BrokerAccess broker, boolean follow) throws IOException {
    List<RunId> runs = named(name, broker);
    if (runs.size() > 1) {
      throw new IOException(
          "a name must be that of one run: run=%s is that of %s; name one of these, or the directory of the run"
              .formatted(name, runs.stream().map(RunId::value).collect(Collectors.joining(", "))));
    }
    Predicate<RunId> wanted = runs.isEmpty() ? run -> run.isOf(name) : runs.get(0)::equals;
    return open(KafkaSource.open(wanted, broker), follow);
  }

  private static List<RunId> named(String name, BrokerAccess broker) throws IOException {
    List<RunId> all =
        KafkaSource.runs(broker).stream().filter(run -> run.isOf(name)).sorted(BY_VALUE).toList();
    List<RunId> exact = all.stream().filter(run -> run.value().equals(name)).toList();
    return exact.isEmpty() ? all : exact;
  }

  /**
   * Returns all records of a run on a broker, per topic in order, duplicates included.
   *
   * @throws IOException if the broker does not answer, or a record is no event
   */
  public static List<RawEnvelope> shipped(RunId run, BrokerAccess broker) throws IOException {
    try (KafkaSource source = KafkaSource.open(run::equals, broker)) {
      return source.past();
    }
  }

  private static EventTail open(EventSource source, boolean follow) throws IOException {
    try {
      return new EventTail(source, source.past(), follow);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
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
