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
 * The events of a run, each once and in order. A connection that breaks, ends or falls silent is
 * opened again after the last event. Its own thread reads at most {@value #AHEAD} events ahead.
 * Used by one thread.
 */
public final class RunEventStream implements AutoCloseable {
  private static final int AHEAD = 1024;
  private static final String END = "end";

  private final Source source;
  private final Backoff backoff;
  private final long silenceNs;
  private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private volatile Optional<InputStream> open = Optional.empty();
  private volatile long heardNs = System.nanoTime();
  private volatile boolean closed;
  private volatile boolean connected = true;
  private boolean ended;

  /** One event: the number of its line in {@code events.jsonl}, from 1, its type and the line. */
  public record EventLine(long number, String type, String json) {}

  @FunctionalInterface
  public interface Source {
    /**
     * The stream after event {@code after}, 0 for all.
     *
     * @throws IOException if a retry may work; any other exception ends the events
     */
    InputStream open(long after) throws IOException, InterruptedException;
  }

  private record Item(Optional<EventLine> event, Optional<RuntimeException> failure) {
    static final Item END = new Item(Optional.empty(), Optional.empty());
  }

  private RunEventStream(Source source, long after, Backoff backoff, Duration silence) {
    this.source = source;
    this.backoff = backoff;
    this.silenceNs = silence.toNanos();
    this.reader = new Thread(() -> read(after), "espalier-run-events");
    reader.setDaemon(true);
  }

  /**
   * Follows the events after number {@code after}, 0 for all.
   *
   * @param silence without an event or comment after which a connection counts as broken
   */
  public static RunEventStream follow(
      Source source, long after, Backoff backoff, Duration silence) {
    RunEventStream events = new RunEventStream(source, after, backoff, silence);
    events.reader.start();
    return events;
  }

  /**
   * Waits up to {@code limit} for the next event; throws the final failure of {@link Source#open}.
   */
  public Optional<EventLine> next(Duration limit) throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Item next = items.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      if (connected && System.nanoTime() - heardNs > silenceNs) {
        disconnect();
      }
      return Optional.empty();
    }
    ended = next.event().isEmpty();
    if (next.failure().isPresent()) {
      throw next.failure().get();
    }
    return next.event();
  }

  /** Whether the run has ended and all of its events were returned. */
  public boolean ended() {
    return ended;
  }

  public boolean connected() {
    return connected;
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    disconnect();
  }

  private void disconnect() {
    open.ifPresent(
        stream -> {
          try {
            stream.close();
          } catch (IOException e) {
            // The stream is broken either way.
          }
        });
  }

  private void read(long after) {
    long last = after;
    try {
      while (!closed) {
        last = connection(last);
        if (last < 0) {
          items.put(Item.END);
          return;
        }
        Thread.sleep(backoff.next().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        fail(e);
      }
    }
  }

  private void fail(RuntimeException cause) {
    try {
      items.put(new Item(Optional.empty(), Optional.of(cause)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one connection to its end; returns the last number, or -1 if the run has ended. */
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
    EventLine line = new EventLine(number, event.event(), event.data());
    items.put(new Item(Optional.of(line), Optional.empty()));
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
