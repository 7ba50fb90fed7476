package io.espalier.telemetry.outbox;

import io.espalier.configs.Rules;
import io.espalier.configs.file.LockFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The append-only file {@code events.jsonl} of a run. An event survives the death of the process
 * after {@link #append}, and that of the machine within {@link GroupSync#INTERVAL} or after {@link
 * #flush} or {@link #close}. Opening cuts off a torn last line, leaves out damaged ones ({@link
 * #damage}) and continues sequences and attempts. One process at a time may hold an outbox, by lock
 * or by term. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
  public static final String FILE_NAME = "events.jsonl";

  /** The longest time that a previous holder keeps appending to its unread file. */
  public static final Duration HOLD_INTERVAL = Duration.ofMillis(50);

  private static final String LOCK = "events.lock";

  private final Path file;
  // Not a FileChannel: an interrupted caller would close that for all threads.
  private final RandomAccessFile content;
  private final RunId run;
  private final int attempt;
  private final Map<String, Long> sequences;
  private final Set<String> openAlerts;
  private final SortedSet<Long> cuts;
  private final Optional<String> damage;
  private final Clock clock;
  private final GroupSync sync;
  private final LockFile lock;
  private final Optional<OutboxFile> held;
  private long end;
  private long heldNs;
  private Instant lastTime;

  private Outbox(
      Path runDirectory,
      RunId ifNew,
      int atLeast,
      OutboxHistory history,
      Clock clock,
      LockFile lock,
      Optional<OutboxFile> held)
      throws IOException {
    this.file = runDirectory.resolve(FILE_NAME);
    this.run = history.run().orElse(ifNew);
    this.attempt = Math.max(atLeast, history.attempt() + 1);
    this.sequences = history.sequences();
    this.openAlerts = Set.copyOf(history.alerts());
    this.cuts = Collections.unmodifiableSortedSet(history.cuts());
    this.damage = damage(history);
    this.end = history.end();
    this.lastTime = history.time();
    this.clock = clock;
    this.lock = lock;
    this.held = held;
    this.heldNs = System.nanoTime();
    this.content = cut(file, end);
    this.sync = GroupSync.start(content);
  }

  private static RandomAccessFile cut(Path file, long end) throws IOException {
    var content = new RandomAccessFile(file.toFile(), "rw");
    try {
      content.setLength(end);
      return content;
    } catch (IOException e) {
      content.close();
      throw e;
    }
  }

  /**
   * Opens an outbox for its next attempt; {@code ifNew} is the run's id if there is no event yet.
   *
   * @throws IOException if the file cannot be written, or holds no events but something else
   */
  public static Outbox open(Path runDirectory, RunId ifNew, Clock clock) throws IOException {
    return open(runDirectory, ifNew, 1, clock);
  }

  /** Opens an outbox for attempt {@code atLeast}, or the last one plus one if higher. */
  public static Outbox open(Path runDirectory, RunId ifNew, int atLeast, Clock clock)
      throws IOException {
    new Rules().require("attempt", atLeast, atLeast >= 1, "1 or more").verify();
    PrivateDirectory.create(runDirectory);
    LockFile lock =
        lock(runDirectory)
            .orElseThrow(
                () ->
                    new IOException(
                        "one process at a time may append to an outbox: run=" + runDirectory));
    try {
      if (!Files.exists(runDirectory.resolve(FILE_NAME))) {
        Files.createFile(runDirectory.resolve(FILE_NAME));
      }
      OutboxHistory history = OutboxHistory.read(runDirectory);
      return new Outbox(runDirectory, ifNew, atLeast, history, clock, lock, Optional.empty());
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Takes an outbox over from its holder for the epoch's term. Appends check the fence at most
   * every {@link #HOLD_INTERVAL} and throw what it throws.
   */
  public static Outbox takeOver(Path runDirectory, RunId ifNew, WriterEpoch epoch, Clock clock)
      throws IOException {
    PrivateDirectory.create(runDirectory);
    LockFile lock =
        LockFile.take(epoch.own(runDirectory, LOCK))
            .orElseThrow(
                () ->
                    new IOException(
                        "a term must have one holder: run=%s, term=%d"
                            .formatted(runDirectory, epoch.term())));
    try {
      OutboxFile file = OutboxFile.takeOver(runDirectory, epoch);
      OutboxHistory history = OutboxHistory.read(runDirectory);
      int attempt = Math.toIntExact(epoch.term());
      return new Outbox(runDirectory, ifNew, attempt, history, clock, lock, Optional.of(file));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Takes a run's append lock; empty if another process has it. */
  public static Optional<LockFile> lock(Path runDirectory) throws IOException {
    return LockFile.take(WriterEpoch.last(runDirectory, LOCK));
  }

  public RunId run() {
    return run;
  }

  public int attempt() {
    return attempt;
  }

  /**
   * Returns a sentence on lines of earlier attempts that are no events; empty if there are none.
   */
  public Optional<String> damage() {
    return damage;
  }

  private Optional<String> damage(OutboxHistory history) {
    return history.damaged() == 0
        ? Optional.empty()
        : Optional.of(
            "lines of the outbox must be events: file=%s, lines that are none=%d, offset of the first=%d; they are left out here, in reports and on Kafka, and the run itself goes on unchanged, from its checkpoint; check the disk"
                .formatted(file, history.damaged(), history.firstDamaged()));
  }

  /** Returns kinds of alerts that earlier attempts raised and did not clear. */
  public Set<String> openAlerts() {
    return openAlerts;
  }

  /** Returns the steps of earlier cuts, except voided ones. */
  public SortedSet<Long> cuts() {
    return cuts;
  }

  /**
   * Returns how far the clock is behind the latest event, else 0. Until it catches up, events have
   * the latest event's time: times never go back.
   */
  public synchronized Duration clockLag() {
    Duration lag = Duration.between(clock.instant(), lastTime);
    return lag.isNegative() ? Duration.ZERO : lag;
  }

  /**
   * Appends events in one write, each with the next sequence of its source and topic.
   *
   * @throws UncheckedIOException if the file cannot be written; none of the events is then in it
   */
  public synchronized List<Envelope> append(List<? extends Event> events) {
    if (System.nanoTime() - heldNs > HOLD_INTERVAL.toNanos()) {
      hold();
    }
    List<Envelope> envelopes = new ArrayList<>();
    Map<String, Long> taken = new HashMap<>();
    for (Event event : events) {
      String key =
          OutboxHistory.key(Envelope.sourceOf(run, event), EventType.of(event).topic().topicName());
      long sequence = taken.getOrDefault(key, sequences.getOrDefault(key, 0L)) + 1;
      envelopes.add(Envelope.of(run, sequence, attempt, time(), event));
      taken.put(key, sequence);
    }
    write(EventJson.lines(envelopes, OutboxReader.MAX_LINE_BYTES));
    sequences.putAll(taken);
    sync.changed();
    return envelopes;
  }

  /** Appends one event, as {@link #append(List)} does. */
  public Envelope append(Event event) {
    return append(List.of(event)).get(0);
  }

  private Instant time() {
    Instant now = clock.instant();
    // Consumers merge topics by time, so a clock that steps back must not reorder a run.
    lastTime = now.isBefore(lastTime) ? lastTime : now;
    return lastTime;
  }

  private synchronized void hold() {
    if (held.isPresent()) {
      try {
        held.get().hold();
        heldNs = System.nanoTime();
      } catch (IOException e) {
        throw refuse(e);
      }
    }
  }

  /** Returns when all events are on disk. */
  public void flush() {
    hold();
    try {
      sync.sync();
    } catch (IOException e) {
      throw refuse(e);
    }
  }

  private void write(byte[] bytes) {
    try {
      content.seek(end);
      content.write(bytes);
      end += bytes.length;
    } catch (IOException e) {
      cutTornLine();
      throw refuse(e);
    }
  }

  private void cutTornLine() {
    try {
      content.setLength(end);
    } catch (IOException e) {
      // The next open cuts it: a line without its break does not exist.
      return;
    }
  }

  private UncheckedIOException refuse(IOException cause) {
    return new UncheckedIOException(
        "the outbox must be writable: file="
            + file
            + ", cause="
            + cause.getMessage()
            + "; free space on its disk, then resume the run",
        cause);
  }

  @Override
  public void close() {
    try (lock;
        content) {
      sync.close();
      if (held.isPresent()) {
        held.get().release();
      }
    } catch (IOException e) {
      throw refuse(e);
    }
  }
}
