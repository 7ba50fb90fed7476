package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.Optional;

/**
 * Records that arrive over time in partitions, each in an order that never changes; every trainer
 * reads all of them and takes its share. Thread-safe.
 */
public interface ExampleStream {
  /** Where the run began, the same whenever it is asked. */
  StreamPosition start();

  /**
   * Reads from a place on.
   *
   * @param format turns what arrives into examples, in any thread
   */
  Reader open(StreamPosition from, ExampleFormat format);

  /**
   * Hears that a record was passed over as it held no example; several trainers may tell of the
   * same, and one may tell of it again.
   *
   * @param partition index in the order of turns
   */
  default void skipped(int partition, StreamRecord record, StreamRecord.Malformed content) {}

  /** Reads the partitions independently of each other. Confined to one thread. */
  interface Reader extends AutoCloseable {
    /**
     * The next record of a partition; empty if none arrived within {@code limit}.
     *
     * @param partition index in the order of turns
     * @throws StreamFailedException if the stream cannot be read on
     */
    Optional<StreamRecord> next(int partition, Duration limit);

    @Override
    void close();
  }
}
