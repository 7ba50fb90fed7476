package io.espalier.federation.client;

import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

final class CertifiedAccess implements ServerAccess {
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final ServerAddress server;
  private final InstantSource clock;
  private final LinkThreads threads = LinkThreads.start(2);
  private volatile Identity identity;

  CertifiedAccess(ServerAddress server, Identity identity, InstantSource clock) {
    this.server = server;
    this.identity = identity;
    this.clock = clock;
  }

  @Override
  public String client() {
    return identity.name();
  }

  @Override
  public Link open() {
    Identity current = identity;
    Instant now = clock.instant();
    if (!now.isBefore(current.expires())) {
      throw new IncompatibleClientException(
          "the device's certificate must not have expired: expired=%s, now=%s, identity=%s; have it certified anew with 'espalier enrol --replace' and a new token"
              .formatted(current.expires(), now, current.directory()));
    }
    InetSocketAddress address = InetSocketAddress.createUnresolved(server.host(), server.port());
    return Link.of(
        new LinkSettings(
            address, Optional.of(current.clientTls()), current.name(), LinkSettings.Times.DEFAULT),
        threads);
  }

  /** Checks again after a quarter of the time that is left. */
  @Override
  public Optional<Duration> untilRenewal() {
    if (identity.expiresSoon(clock)) {
      return Optional.of(Duration.ZERO);
    }
    Duration quarter = Duration.between(clock.instant(), identity.expires()).dividedBy(4);
    return Optional.of(quarter.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : quarter);
  }

  @Override
  public void renew() throws IOException {
    identity = identity.renew(server);
  }

  @Override
  public void close() {
    threads.close();
  }
}
