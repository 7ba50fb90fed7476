package io.espalier.training.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The channel for the transfers of one incarnation of one trainer. Thread-safe. */
public interface Lane extends AutoCloseable {
  /** Sends {@code bytes}, which must not change until the returned stage completes. */
  CompletionStage<Void> send(TransferId id, ByteBuffer bytes);

  /** The bytes of the transfer that {@code id} names, whenever they arrive; little-endian. */
  CompletionStage<ByteBuffer> receive(TransferId id);

  /**
   * Gives back the bytes that {@link #receive} returned: a later transfer may overwrite them. Bytes
   * that are not given back are garbage in time.
   */
  default void release(ByteBuffer received) {}

  /** Closes the lane; transfers that have not arrived are lost. */
  @Override
  void close();

  /** Opens the trainer's end of a lane for each of its incarnations. */
  @FunctionalInterface
  interface Route {
    Opened open(long term, int trainer, int incarnation);

    static Route within(Transport transport) {
      return (term, trainer, incarnation) -> new Opened(transport.lane(), Optional.empty());
    }

    /** To a coordinator on another node, at this UDP address. */
    static Route between(UdpTransport transport, String coordinator) {
      return (term, trainer, incarnation) -> {
        LaneKey key = transport.newKey();
        return new Opened(
            transport.toCoordinator(key, term, trainer, incarnation, coordinator),
            Optional.of(key));
      };
    }
  }

  /** A trainer's end of a lane, and the key for its coordinator; no key within one process. */
  record Opened(Lane lane, Optional<LaneKey> key) {}
}
