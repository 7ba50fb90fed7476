package io.espalier.telemetry.kafka;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.file.LockFile;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.outbox.WriterEpoch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ships one outbox to a broker, a batch at a time.
 *
 * <p>A lock on {@code events.shipping} keeps other shipments, also those of other processes, off
 * the run directory while this one is connected. Where the outbox is held by term, lock and offset
 * are that term's: an earlier holder can neither block the next one nor mark events as shipped, and
 * checks its fence before each batch. Only {@link #written} and {@link #acknowledged} are
 * thread-safe.
 */
final class Shipment implements AutoCloseable {
  private static final int BATCH_LINES = 5_000;
  private static final long BATCH_BYTES = 2 << 20;
  private static final long NOTE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

  private final Path runDirectory;
  private final Supplier<Optional<BrokerAccess>> broker;
  private final Optional<WriterEpoch> epoch;
  private @Nullable LockFile lock;
  private @Nullable Publication publication;
  private volatile long acknowledged;
  private boolean full;
  private boolean unnoted;
  private long notedNs = System.nanoTime() - NOTE_INTERVAL_NS;

  /** Ships an outbox that is not held by term, or whose last holder has ended. */
  Shipment(Path runDirectory, Supplier<Optional<BrokerAccess>> broker) {
    this(runDirectory, broker, Optional.empty());
  }

  Shipment(
      Path runDirectory, Supplier<Optional<BrokerAccess>> broker, Optional<WriterEpoch> epoch) {
    this.runDirectory = runDirectory;
    this.broker = broker;
    this.epoch = epoch;
    this.acknowledged = offset().bytes();
  }

  private ShippedOffset offset() {
    try {
      if (epoch.isEmpty()) {
        return ShippedOffset.read(WriterEpoch.last(runDirectory, ShippedOffset.FILE_NAME));
      }
      Path own = epoch.get().own(runDirectory, ShippedOffset.FILE_NAME);
      return Files.exists(own)
          ? ShippedOffset.read(own)
          : ShippedOffset.read(epoch.get().previous(runDirectory, ShippedOffset.FILE_NAME))
              .within(written());
    } catch (IOException e) {
      return new ShippedOffset(0, "");
    }
  }

  private Path own(String name) throws IOException {
    return epoch.isPresent()
        ? epoch.get().own(runDirectory, name)
        : WriterEpoch.last(runDirectory, name);
  }

  long written() {
    return runDirectory.resolve(Outbox.FILE_NAME).toFile().length();
  }

  /** Bytes of the outbox that the broker acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /**
   * Ships the next lines and returns whether there were any.
   *
   * @throws IOException if the broker is away; disconnect before the next call
   */
  boolean shipBatch() throws IOException {
    if (publication != null && written() <= acknowledged) {
      noteOffset(publication);
      return false;
    }
    if (written() == 0) {
      return false;
    }
    if (!lock()) {
      acknowledged = offset().bytes();
      return false;
    }
    Publication connection = connect();
    epoch.ifPresent(held -> held.fence().run());
    long durable = makeDurable();
    List<RawEnvelope> batch = new ArrayList<>();
    long end = read(batch, durable);
    if (batch.isEmpty()) {
      return false;
    }
    connection.publish(batch);
    CrashPoint.BATCH_PUBLISHED.pass();
    acknowledged = end;
    unnoted = true;
    if (System.nanoTime() - notedNs >= NOTE_INTERVAL_NS) {
      noteOffset(connection);
    }
    return true;
  }

  /** Whether the last batch had all lines that fit, so that there may be more. */
  boolean isBatchFull() {
    return full;
  }

  boolean isComplete() {
    return publication != null && written() <= acknowledged;
  }

  /** At most every {@link #NOTE_INTERVAL_NS} while events arrive: a lost note ships them again. */
  private void noteOffset(Publication connection) {
    if (unnoted) {
      notedNs = System.nanoTime();
      try {
        new ShippedOffset(acknowledged, connection.logs()).write(own(ShippedOffset.FILE_NAME));
        unnoted = false;
      } catch (IOException e) {
        unnoted = true;
      }
    }
  }

  void disconnect() {
    try {
      if (publication != null) {
        noteOffset(publication);
        publication.close();
      }
    } finally {
      publication = null;
      release();
    }
  }

  private void release() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  @Override
  public void close() {
    disconnect();
  }

  private Publication connect() throws IOException {
    if (publication == null) {
      BrokerAccess access =
          broker.get().orElseThrow(() -> new IOException("a broker must be up: none is"));
      publication = Publication.open(access);
      acknowledged = offset().resumeAt(publication.logs());
    }
    return publication;
  }

  private long makeDurable() throws IOException {
    try (var file = new RandomAccessFile(runDirectory.resolve(Outbox.FILE_NAME).toFile(), "rw")) {
      long length = file.length();
      file.getFD().sync();
      return length;
    }
  }

  private long read(List<RawEnvelope> batch, long limit) throws IOException {
    long end = acknowledged;
    try (OutboxReader reader = OutboxReader.open(runDirectory, acknowledged)) {
      full = false;
      while (!full) {
        Optional<OutboxReader.Line> line = reader.next();
        if (line.isEmpty() || line.get().end() > limit) {
          break;
        }
        batch.add(line.get().envelope());
        end = line.get().end();
        full = batch.size() == BATCH_LINES || end - acknowledged >= BATCH_BYTES;
      }
    }
    return end;
  }

  private boolean lock() throws IOException {
    if (lock == null) {
      lock = LockFile.take(own("events.shipping")).orElse(null);
    }
    return lock != null;
  }
}
