package io.espalier.federation.trust;

import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS of a federation, at both ends: version 1.3 and no other. */
public final class Tls {
  private Tls() {}

  /**
   * TLS of the server. Clients may come without a certificate, in order to enrol, but not with one
   * of another authority.
   */
  static SslContext ofServer(Authority authority, RefusalListener refusals) {
    KeyedChain server = authority.server();
    ClientTrust clients =
        new ClientTrust(
            authority.certificate(),
            detail -> refusals.refused(Optional.empty(), RefusalReason.UNKNOWN_CLIENT, detail));
    return built(
        SslContextBuilder.forServer(server.key(), server.chain())
            .trustManager(clients)
            .clientAuth(ClientAuth.OPTIONAL));
  }

  /** TLS to servers of one authority, with or without a certificate of the client's own. */
  static SslContext ofClient(Fingerprint authority, Optional<KeyedChain> own) {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(new ServerTrust(authority));
    own.ifPresent(each -> builder.keyManager(each.key(), each.chain()));
    return built(builder);
  }

  private static SslContext built(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).protocols("TLSv1.3").build();
    } catch (SSLException e) {
      throw new IllegalStateException("the Java platform must have TLS 1.3", e);
    }
  }

  /**
   * Throws {@link IllegalArgumentException} if an address for plaintext is not this machine's
   * loopback; {@code end} names the connection's end.
   */
  public static void requireLoopback(String end, InetSocketAddress address) {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "a %s without TLS must stay on this machine: address=%s; use 127.0.0.1, or certificates"
              .formatted(end, address));
    }
  }
}
