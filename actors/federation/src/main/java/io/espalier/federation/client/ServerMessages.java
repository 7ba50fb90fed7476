package io.espalier.federation.client;

import io.espalier.federation.protocol.FromServer;
import java.util.Optional;

/** Hears what the server says on a stream. Called by one thread at a time; must not block. */
public interface ServerMessages {
  void received(FromServer message);

  /**
   * The stream is over: the last call.
   *
   * @param failure a {@link ServerRefusedException} or {@link LinkLostException}; empty if either
   *     end ended it in order
   */
  void ended(Optional<Exception> failure);
}
