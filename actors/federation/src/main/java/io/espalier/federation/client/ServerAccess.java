package io.espalier.federation.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How a client reaches its server, and as whom. Thread-safe. */
public interface ServerAccess extends AutoCloseable {
  /** The client's name in the federation. */
  String client();

  /**
   * A new connection under the newest certificate.
   *
   * @throws RuntimeException if none can lead to the server any more, such as after the certificate
   *     has expired; its message says what helps
   */
  Link open();

  /** Until the certificate is to be looked at again, 0 if it is to be renewed; empty if none is. */
  Optional<Duration> untilRenewal();

  /** Gets a new certificate, which counts from the next connection on. Blocks. */
  void renew() throws IOException;

  @Override
  void close();
}
