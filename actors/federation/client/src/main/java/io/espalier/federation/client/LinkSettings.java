package io.espalier.federation.client;

import io.espalier.federation.trust.Tls;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Address, TLS and time limits of a link.
 *
 * @param server its host may be unresolved: with TLS it is resolved at each connection
 * @param tls absent for plaintext, which stays on this machine
 * @param client name that plaintext calls carry; with TLS the certificate names the client
 */
public record LinkSettings(
    InetSocketAddress server, Optional<SslContext> tls, String client, Times times) {
  /**
   * Time limits.
   *
   * @param answer until the server's first message
   * @param progress from one chunk to the next
   * @param keepAlive of silence until the server is pinged; the library makes it at least 10 s
   * @param keepAliveAnswer until the answer to a ping
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
