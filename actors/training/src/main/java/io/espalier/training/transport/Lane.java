package io.espalier.training.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** The way that the transfers of one life of one trainer go. Thread-safe. */
public interface Lane extends AutoCloseable {
  /** Sends {@code bytes}, which must not change until the returned stage completes. */
  CompletionStage<Void> send(TransferId id, ByteBuffer bytes);

  /** The bytes of the transfer that {@code id} names, whenever they arrive; little-endian. */
  CompletionStage<ByteBuffer> receive(TransferId id);

  /** Gives the lane up; what has not arrived never will. */
  @Override
  void close();
}
