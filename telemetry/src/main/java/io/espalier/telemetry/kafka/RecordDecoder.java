package io.espalier.telemetry.kafka;

import java.util.Optional;

/** Makes of a record what its readers work with, in the thread that reads the topic. */
@FunctionalInterface
public interface RecordDecoder<T> {
  /**
   * Never throws, whatever the record holds.
   *
   * @param contentType the record's header of that name
   * @param value empty for a record without one
   */
  T decode(long offset, Optional<String> contentType, Optional<byte[]> value);
}
