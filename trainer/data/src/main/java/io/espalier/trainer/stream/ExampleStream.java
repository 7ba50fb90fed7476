package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.Optional;

public interface ExampleStream {
  /** The start of the run, always the same. */
  StreamPosition start();

  /** Reads on from a position; {@code format} decodes in any thread. */
  Reader open(StreamPosition from, RecordFormat format);

  default void skipped(int partition, StreamRecord record, StreamRecord.Malformed content) {}

  /** Reads the partitions independently. Confined to one thread. */
  interface Reader extends AutoCloseable {
    Optional<StreamRecord> next(int partition, Duration limit);

    @Override
    void close();
  }

  /** A stream cannot be read on; retrying does not help. The message names the way out. */
  public static final class StreamFailedException extends RuntimeException {
    public StreamFailedException(String message) {
      super(message);
    }
  }
}
