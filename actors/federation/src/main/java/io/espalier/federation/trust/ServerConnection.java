package io.espalier.federation.trust;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS of a device, and what it means when a call does not get through. */
final class ServerConnection {
  private ServerConnection() {}

  /** TLS 1.3 to servers of one authority, with or without a certificate of one's own. */
  static SslContext tls(Fingerprint authority, Optional<KeyedChain> own) {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .protocols("TLSv1.3")
            .trustManager(new ServerTrust(authority));
    own.ifPresent(each -> builder.keyManager(each.key(), each.chain()));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("the Java platform must have TLS 1.3", e);
    }
  }

  static ManagedChannel open(ServerAddress server, SslContext tls) {
    return NettyChannelBuilder.forAddress(server.host(), server.port()).sslContext(tls).build();
  }

  /** What went wrong, for the device's user. */
  static TrustException failure(String what, StatusRuntimeException e) {
    ServerFailure failure = new ServerFailure(e);
    Optional<String> untrusted = failure.untrusted();
    if (untrusted.isPresent()) {
      return new TrustException(untrusted.get(), e);
    }
    Status status = e.getStatus();
    return switch (status.getCode()) {
      case PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL ->
          new TrustException(String.valueOf(status.getDescription()), e);
      default ->
          new TrustException(
              "a federation's server must answer with TLS 1.3: %s, cause=%s; check the address, and that the server runs"
                  .formatted(what, failure.cause()),
              e);
    };
  }
}
