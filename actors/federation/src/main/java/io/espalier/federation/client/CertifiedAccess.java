package io.espalier.federation.client;

import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Access with a certificate, which is renewed before it expires. */
public final class CertifiedAccess implements ServerAccess {
  private static final int THREADS = 2;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final ServerAddress server;
  private final InstantSource clock;
  private final LinkThreads threads = LinkThreads.start(THREADS);
  private volatile Identity identity;

  public CertifiedAccess(ServerAddress server, Identity identity, InstantSource clock) {
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

  /** Looks again four times before what is left is over. */
  @Override
  public Optional<Duration> untilRenewal() {
    if (identity.expiresSoon(clock)) {
      return Optional.of(Duration.ZERO);
    }
    Duration look = Duration.between(clock.instant(), identity.expires()).dividedBy(4);
    return Optional.of(look.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : look);
  }

  @Override
  public void renew() throws IOException {
    Identity current = identity;
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(server.host(), server.port())
            .sslContext(current.clientTls())
            .build();
    try {
      identity = current.renew(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
