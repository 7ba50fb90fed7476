package io.espalier.service.client;

import io.espalier.configs.fault.Backoff;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The events of a run as they come, each once and in order. A connection that breaks, ends or falls
 * silent is opened again behind the last event that came. A reader of its own thread waits while
 * nobody takes events. Used by one thread.
 */
public final class RunEventStream implements AutoCloseable {
  private static final int AHEAD = 1024;
  private static final String END = "end";

  private final Source source;
  private final Backoff backoff;
  private final long silenceNs;
  private final BlockingQueue<Told> told = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private volatile Optional<InputStream> open = Optional.empty();
  private volatile long heardNs = System.nanoTime();
  private volatile boolean closed;
  private volatile boolean connected = true;
  private boolean ended;

  /** Opens connections. */
  @FunctionalInterface
  public interface Source {
    /**
     * The stream behind the event of that number, 0 for all.
     *
     * @throws IOException if it may work later; any other exception ends the events
     */
    InputStream open(long after) throws IOException, InterruptedException;
  }

  private sealed interface Told {
    record Line(EventLine line) implements Told {}

    record End() implements Told {}

    record Refusal(RuntimeException cause) implements Told {}
  }

  private RunEventStream(Source source, long after, Backoff backoff, Duration silence) {
    this.source = source;
    this.backoff = backoff;
    this.silenceNs = silence.toNanos();
    this.reader = new Thread(() -> read(after), "espalier-run-events");
    reader.setDaemon(true);
  }

  /**
   * Follows the events behind the one of that number.
   *
   * @param silence after which a connection counts as broken, comments being heard too
   */
  public static RunEventStream follow(
      Source source, long after, Backoff backoff, Duration silence) {
    RunEventStream events = new RunEventStream(source, after, backoff, silence);
    events.reader.start();
    return events;
  }

  /**
   * The next event, waiting for up to {@code limit}.
   *
   * @throws RuntimeException what {@link Source#open} threw
   */
  public Optional<EventLine> next(Duration limit) throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Told next = told.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (next instanceof Told.Line line) {
      return Optional.of(line.line());
    }
    if (next instanceof Told.Refusal refusal) {
      ended = true;
      throw refusal.cause();
    }
    ended = next instanceof Told.End;
    if (next == null && connected && System.nanoTime() - heardNs > silenceNs) {
      hangUp();
    }
    return Optional.empty();
  }

  /** Whether the run has ended and all of its events were given out. */
  public boolean ended() {
    return ended;
  }

  /** Whether the service answers. */
  public boolean connected() {
    return connected;
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    hangUp();
  }

  private void hangUp() {
    open.ifPresent(
        stream -> {
          try {
            stream.close();
          } catch (IOException e) {
            // A broken stream is what was wanted.
          }
        });
  }

  private void read(long after) {
    long last = after;
    try {
      while (!closed) {
        last = connection(last);
        if (last < 0) {
          told.put(new Told.End());
          return;
        }
        Thread.sleep(backoff.next().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        refuse(e);
      }
    }
  }

  private void refuse(RuntimeException cause) {
    try {
      told.put(new Told.Refusal(cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one connection to its end: the last number that came, or -1 if the run has ended. */
  private long connection(long after) throws InterruptedException {
    long last = after;
    try (InputStream stream = source.open(after)) {
      open = Optional.of(stream);
      heard();
      SseReader events = new SseReader(stream, this::heard);
      Optional<SseReader.Sse> event = events.next();
      while (event.isPresent()) {
        if (event.get().event().equals(END)) {
          return -1;
        }
        last = take(event.get(), last);
        event = events.next();
      }
    } catch (IOException e) {
      connected = false;
    } finally {
      open = Optional.empty();
    }
    connected = false;
    return last;
  }

  private long take(SseReader.Sse event, long last) throws InterruptedException {
    long number = number(event);
    if (number <= last) {
      return last;
    }
    told.put(new Told.Line(new EventLine(number, event.event(), event.data())));
    backoff.reset();
    return number;
  }

  private static long number(SseReader.Sse event) {
    if (!event.id().matches("\\d{1,18}")) {
      throw new IllegalStateException(
          "an event of the service must have a number as its id: id=" + event.id());
    }
    return Long.parseLong(event.id());
  }

  private void heard() {
    heardNs = System.nanoTime();
    connected = true;
  }
}
