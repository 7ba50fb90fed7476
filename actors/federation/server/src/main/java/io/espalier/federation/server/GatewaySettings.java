package io.espalier.federation.server;

import io.espalier.federation.trust.CallAuthenticator;
import io.espalier.federation.trust.Tls;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Address, authentication and limits of a gateway.
 *
 * @param address to bind to; port 0 for any free one
 * @param tls absent for plaintext, which stays on this machine
 * @param incoming directory of incomplete uploads
 */
public record GatewaySettings(
    InetSocketAddress address,
    Optional<SslContext> tls,
    CallAuthenticator authenticator,
    Path incoming,
    Limits limits,
    Times times) {
  /**
   * Limits of numbers.
   *
   * @param connections at once, in all
   * @param connectionsOfClient at once, of one client
   * @param callsOfConnection at once
   * @param unsentMessages that may wait for a client to read
   * @param threads for calls and files
   */
  public record Limits(
      int connections,
      int connectionsOfClient,
      int callsOfConnection,
      int unsentMessages,
      int threads) {
    public static final Limits DEFAULT = new Limits(16_384, 4, 8, 32, 4);

    public Limits {
      int least =
          Math.min(
              Math.min(connections, connectionsOfClient),
              Math.min(callsOfConnection, Math.min(unsentMessages, threads)));
      if (least < 1) {
        throw new IllegalArgumentException("limits of a gateway must be 1 or more: least=" + least);
      }
    }

    public Limits withConnections(int most, int mostOfClient) {
      return new Limits(most, mostOfClient, callsOfConnection, unsentMessages, threads);
    }
  }

  /**
   * Time limits.
   *
   * @param unnamed that a connection may name no client
   * @param hello from the start of a stream to its Hello, and from its end to its last byte
   * @param progress from one chunk to the next
   * @param keepAlive of silence until a client is pinged; at least 10 s, the library's minimum
   * @param keepAliveAnswer until the answer to a ping
   * @param idle that a connection may have no call
   */
  public record Times(
      Duration unnamed,
      Duration hello,
      Duration progress,
      Duration keepAlive,
      Duration keepAliveAnswer,
      Duration idle) {
    private static final Duration SOONEST_PING = Duration.ofSeconds(10);

    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofMinutes(5));

    /** Silence after which a peer is considered dead. */
    Duration silence() {
      return keepAlive.plus(keepAliveAnswer);
    }

    public Times {
      if (keepAlive.compareTo(SOONEST_PING) < 0) {
        throw new IllegalArgumentException(
            "keep-alive must be 10 s or more: keepAlive=" + keepAlive);
      }
    }
  }

  public GatewaySettings {
    if (tls.isEmpty()) {
      Tls.requireLoopback("gateway", address);
    }
  }

  public static GatewaySettings loopback(Path incoming) {
    return new GatewaySettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.empty(),
        CallAuthenticator.ofHeader(),
        incoming,
        Limits.DEFAULT,
        Times.DEFAULT);
  }

  public GatewaySettings withAddress(InetSocketAddress other) {
    return new GatewaySettings(other, tls, authenticator, incoming, limits, times);
  }

  /** Uses TLS, whose certificates name the clients. */
  public GatewaySettings withTls(SslContext context, CallAuthenticator certified) {
    return new GatewaySettings(address, Optional.of(context), certified, incoming, limits, times);
  }

  public GatewaySettings withAuthenticator(CallAuthenticator other) {
    return new GatewaySettings(address, tls, other, incoming, limits, times);
  }

  public GatewaySettings withLimits(Limits other) {
    return new GatewaySettings(address, tls, authenticator, incoming, other, times);
  }

  public GatewaySettings withTimes(Times other) {
    return new GatewaySettings(address, tls, authenticator, incoming, limits, other);
  }
}
