package io.espalier.federation.trust;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS of the federation's server. */
public final class GatewayTls {
  private GatewayTls() {}

  /**
   * TLS 1.3 and no other version; clients may come without a certificate, as those do that enrol,
   * but not with one of another authority.
   */
  public static SslContext of(Authority authority, TrustRefusalListener refusals)
      throws SSLException {
    KeyedChain server = authority.server();
    ClientTrust clients =
        new ClientTrust(
            authority.certificate(),
            detail ->
                refusals.refused(Optional.empty(), TrustRefusalListener.UNKNOWN_CLIENT, detail));
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(server.key(), server.chain()), SslProvider.JDK)
        .protocols("TLSv1.3")
        .trustManager(clients)
        .clientAuth(ClientAuth.OPTIONAL)
        .build();
  }
}
