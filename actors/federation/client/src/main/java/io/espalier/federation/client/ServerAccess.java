package io.espalier.federation.client;

import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** How a client reaches its server, and under which name. Thread-safe. */
public interface ServerAccess extends AutoCloseable {
  static ServerAccess plain(LinkSettings settings) {
    return new PlainAccess(settings);
  }

  static ServerAccess certified(ServerAddress server, Identity identity, InstantSource clock) {
    return new CertifiedAccess(server, identity, clock);
  }

  String client();

  /**
   * Opens a connection under the newest certificate; throws, saying what helps, if no connection
   * can succeed any more.
   */
  Link open();

  /** Time until the certificate is to be checked again; 0 if it is due, empty if there is none. */
  Optional<Duration> untilRenewal();

  /** Gets a new certificate, which the next connection uses. Blocks. */
  void renew() throws IOException;

  @Override
  void close();
}
