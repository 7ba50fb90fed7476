package io.espalier.federation.client;

import io.espalier.federation.trust.Tls;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Whom a link connects to, and how long it waits.
 *
 * @param server its host may be unresolved: with TLS it is looked up at each connection
 * @param tls absent for plaintext, which stays on this machine
 * @param client name that plaintext calls carry; with TLS the certificate tells it
 */
public record LinkSettings(
    InetSocketAddress server, Optional<SslContext> tls, String client, Times times) {
  /**
   * How long.
   *
   * @param answer until the server's first message
   * @param progress from one chunk to the next
   * @param keepAlive of silence until the server is asked for a sign of life; the library makes it
   *     at least 10 s
   * @param keepAliveAnswer until that sign must have come
   */
  public record Times(
      Duration answer, Duration progress, Duration keepAlive, Duration keepAliveAnswer) {
    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15));
  }

  public LinkSettings {
    if (tls.isEmpty()) {
      Tls.requireLoopback("client", server);
    }
  }

  /** Plaintext to a server on this machine. */
  public static LinkSettings loopback(InetSocketAddress server, String client) {
    return new LinkSettings(server, Optional.empty(), client, Times.DEFAULT);
  }

  public LinkSettings withTls(SslContext context) {
    return new LinkSettings(server, Optional.of(context), client, times);
  }

  public LinkSettings withTimes(Times other) {
    return new LinkSettings(server, tls, client, other);
  }
}
