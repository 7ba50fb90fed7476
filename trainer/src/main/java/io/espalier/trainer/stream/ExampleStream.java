package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.Optional;

public interface ExampleStream {
  /** The start of the run, always the same. */
  StreamPosition start();

  /**
   * Reads from a position on.
   *
   * @param format decodes arriving records, in any thread
   */
  Reader open(StreamPosition from, ExampleFormat format);

  default void skipped(int partition, StreamRecord record, StreamRecord.Malformed content) {}

  /** Reads the partitions independently. Confined to one thread. */
  interface Reader extends AutoCloseable {
    Optional<StreamRecord> next(int partition, Duration limit);

    @Override
    void close();
  }
}
