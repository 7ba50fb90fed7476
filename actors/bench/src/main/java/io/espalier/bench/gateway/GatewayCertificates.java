package io.espalier.bench.gateway;

import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.server.GatewaySettings;
import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.CallAuthenticator;
import io.espalier.federation.trust.CallAuthenticator.Authentication;
import io.espalier.federation.trust.GatewayTrust;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import io.espalier.federation.trust.TokenStore;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * TLS 1.3 with certificates on both sides, as a federation's server and devices have it. The bench
 * enrols one device, whose certificate all connections present: each is checked in full, and the
 * name is that of its socket.
 */
final class GatewayCertificates {
  private static final String SERVER = "localhost";
  private static final Duration VALID = Duration.ofHours(1);

  private final Path directory;
  private final Authority authority;

  private GatewayCertificates(Path directory, Authority authority) {
    this.directory = directory;
    this.authority = authority;
  }

  static GatewayCertificates create(Path directory) throws IOException {
    return new GatewayCertificates(
        directory,
        Authority.create(directory.resolve("authority"), List.of(), InstantSource.system()));
  }

  Path authority() {
    return authority.directory();
  }

  /** Enrols the device at a gateway of the authority. */
  SslContext enrol(InetSocketAddress gateway) throws IOException {
    TokenStore tokens = TokenStore.open(authority.directory(), InstantSource.system());
    return Identity.enrol(
            directory.resolve("device"),
            new ServerAddress(SERVER, gateway.getPort()),
            tokens.create("device", VALID, authority.fingerprint()))
        .clientTls();
  }

  static LinkSettings link(InetSocketAddress gateway, SslContext tls, String client) {
    return new LinkSettings(
        InetSocketAddress.createUnresolved(SERVER, gateway.getPort()),
        Optional.of(tls),
        client,
        LinkSettings.Times.DEFAULT);
  }

  static GatewayTrust trust(Path authority) throws IOException {
    return GatewayTrust.of(
        Authority.open(authority, List.of(), InstantSource.system()),
        (client, reason, detail) -> System.err.println(reason.word() + ": " + detail));
  }

  static GatewaySettings onto(GatewaySettings settings, GatewayTrust trust) {
    return settings.withTls(trust.tls(), new BySocket(trust.authenticator()));
  }

  private record BySocket(CallAuthenticator certified) implements CallAuthenticator {
    @Override
    public Authentication authenticate(Attributes connection, Metadata headers) {
      Authentication found = certified.authenticate(connection, headers);
      if (!(found instanceof Authentication.Known known)) {
        return found;
      }
      SocketAddress remote = connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      return remote instanceof InetSocketAddress address
          ? new Authentication.Known(known.client() + "-" + address.getPort(), known.expires())
          : known;
    }
  }
}
