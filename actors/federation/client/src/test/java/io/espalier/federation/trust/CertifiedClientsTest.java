package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.protocol.EnrolmentGrpc;
import io.espalier.federation.protocol.FederationGrpc;
import io.espalier.federation.protocol.RenewRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertifiedClientsTest {
  private final SettableClock clock = new SettableClock(Instant.now());
  private final List<ManagedChannel> channels = new ArrayList<>();
  @TempDir private Path directory;
  private LoopbackServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LoopbackServer.start(directory, clock);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
  }

  @Test
  void client_withCertificate_isKnownToTheService() throws IOException {
    ManagedChannel channel = channel(enrolled("kitchen").clientTls());

    assertThat(download(channel)).isEqualTo("kitchen");
    assertThat(server.refused()).isEmpty();
  }

  @Test
  void client_withoutCertificate_isRefused() throws IOException {
    // Given
    ManagedChannel channel =
        channel(GrpcSslContexts.forClient().trustManager(server.authority().certificate()).build());

    // When
    Throwable download = catchThrowable(() -> download(channel));
    Throwable renewal =
        catchThrowable(
            () -> EnrolmentGrpc.newBlockingStub(channel).renew(RenewRequest.getDefaultInstance()));

    // Then
    assertRefused(download, Status.Code.UNAUTHENTICATED, "unknown-client");
    assertRefused(renewal, Status.Code.UNAUTHENTICATED, "unknown-client");
    assertThat(server.refused()).containsExactly("? unknown-client", "? unknown-client");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void client_ofAnotherAuthority_isRefused(@TempDir Path elsewhere) throws IOException {
    // Given
    Identity stranger;
    try (LoopbackServer other = LoopbackServer.start(elsewhere, clock)) {
      stranger =
          Identity.enrol(elsewhere.resolve("device"), other.address(), other.token("kitchen"));
    }
    KeyedChain keyed = KeyedChain.read(stranger.directory().resolve("identity.pem"));

    // When
    Throwable thrown =
        catchThrowable(
            () ->
                download(
                    channel(
                        GrpcSslContexts.forClient()
                            .trustManager(server.authority().certificate())
                            .keyManager(new ForcedKey(keyed))
                            .build())));

    // Then
    assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.refused()).containsOnly("? unknown-client");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void client_revokedByAnotherProcessWhileConnected_isRefusedAtItsNextCall() throws IOException {
    // Given
    ManagedChannel channel = channel(enrolled("kitchen").clientTls());
    download(channel);

    // When
    ClientRegister.open(directory.resolve("authority"), clock).revoke("kitchen");
    Throwable thrown = catchThrowable(() -> download(channel));

    // Then
    assertRefused(thrown, Status.Code.PERMISSION_DENIED, "revoked-client");
    assertThat(thrown).hasMessageContaining("client=kitchen; enrol with a new token");
    assertThat(server.refused()).containsExactly("kitchen revoked-client");
  }

  @Test
  void client_revoked_cannotRenew() throws IOException {
    Identity identity = enrolled("kitchen");
    server.register().revoke("kitchen");

    assertThatThrownBy(() -> identity.renew(channel(identity.clientTls())))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("must not be revoked: client=kitchen");
  }

  @Test
  void certificate_expired_isRefused() throws IOException {
    // Given
    ManagedChannel channel = channel(enrolled("kitchen").clientTls());
    download(channel);

    // When
    clock.advance(Authority.CLIENT_LIFE);
    Throwable connected = catchThrowable(() -> download(channel));
    Throwable anew =
        catchThrowable(() -> download(channel(Identity.open(device("kitchen")).clientTls())));

    // Then
    assertRefused(connected, Status.Code.UNAUTHENTICATED, "expired-certificate");
    assertRefused(anew, Status.Code.UNAUTHENTICATED, "expired-certificate");
    assertThat(server.refused()).containsOnly("kitchen expired-certificate");
  }

  @Test
  void certificate_expiredByTheClockOfThisMachine_isToldSoToo(@TempDir Path old)
      throws IOException {
    // Given
    SettableClock past = new SettableClock(clock.instant().minus(Duration.ofDays(30)));
    try (LoopbackServer thirtyDaysAgo = LoopbackServer.start(old, past)) {
      Identity identity =
          Identity.enrol(
              old.resolve("device"), thirtyDaysAgo.address(), thirtyDaysAgo.token("kitchen"));
      past.advance(Duration.ofDays(30));

      // When
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", thirtyDaysAgo.address().port())
              .sslContext(identity.clientTls())
              .build();
      channels.add(channel);
      Throwable thrown = catchThrowable(() -> download(channel));

      // Then
      assertRefused(thrown, Status.Code.UNAUTHENTICATED, "expired-certificate");
      assertThat(identity.expiresSoon(InstantSource.system())).isTrue();
    }
  }

  @Test
  void certificate_renewedBeforeItExpires_goesOn() throws IOException {
    // Given
    Identity old = enrolled("kitchen");
    byte[] oldFile = Files.readAllBytes(old.directory().resolve("identity.pem"));
    assertThat(old.expiresSoon(clock)).isFalse();
    clock.advance(Duration.ofDays(5));
    assertThat(old.expiresSoon(clock)).isTrue();

    // When
    Identity renewed = old.renew(channel(old.clientTls()));

    // Then
    assertThat(renewed.expires()).isAfter(old.expires());
    assertThat(renewed.expiresSoon(clock)).isFalse();
    assertThat(renewed.directory().resolve("identity.pem")).isRegularFile();
    assertThat(Files.readAllBytes(old.directory().resolve("identity.pem"))).isNotEqualTo(oldFile);
    assertThat(download(channel(old.clientTls()))).isEqualTo("kitchen");
    clock.advance(Duration.ofDays(3));
    assertThat(download(channel(Identity.open(old.directory()).clientTls()))).isEqualTo("kitchen");
    assertThatThrownBy(() -> download(channel(old.clientTls())))
        .hasMessageContaining("must not have expired");
  }

  @Test
  void certificate_thatTheRegisterHasLost_isRefused() throws IOException {
    ManagedChannel channel = channel(enrolled("kitchen").clientTls());
    Path register = directory.resolve("authority/clients.json");
    Files.move(register, directory.resolve("lost"), StandardCopyOption.ATOMIC_MOVE);

    assertRefused(
        catchThrowable(() -> download(channel)), Status.Code.UNAUTHENTICATED, "unknown-client");
  }

  @Test
  void register_thatCannotBeRead_letsNobodyPass() throws IOException {
    ManagedChannel channel = channel(enrolled("kitchen").clientTls());
    Files.writeString(directory.resolve("authority/clients.json"), "{\"clients\": 3");

    Throwable thrown = catchThrowable(() -> download(channel));

    assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.received()).hasSize(1);
  }

  @Test
  void liveSession_ofAReplacedDevice_isRevoked() throws IOException {
    // Given
    enrolled("kitchen");
    ClientIdentity first = identity("kitchen");
    assertThat(server.register().standing(first)).isEqualTo(ClientRegister.Standing.GOOD);

    // When
    enrolled("kitchen");

    // Then
    assertThat(server.register().standing(first)).isNotEqualTo(ClientRegister.Standing.GOOD);
    assertThat(server.register().standing(identity("kitchen")))
        .isEqualTo(ClientRegister.Standing.GOOD);
  }

  @Test
  void tls12_isRefused() throws Exception {
    // Given
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null, new TrustManager[] {new ServerTrust(server.authority().fingerprint())}, null);

    // When
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", server.address().port())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      Throwable thrown = catchThrowable(socket::startHandshake);

      // Then
      assertThat(thrown).isInstanceOf(SSLException.class).hasMessageContaining("protocol_version");
    }
  }

  private Identity enrolled(String name) throws IOException {
    return Identity.enrol(device(name), server.address(), server.token(name));
  }

  private ClientIdentity identity(String device) throws IOException {
    return ClientIdentity.of(KeyedChain.read(device(device).resolve("identity.pem")).certificate());
  }

  private Path device(String name) {
    return directory.resolve(name);
  }

  private ManagedChannel channel(SslContext tls) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.address().port())
            .sslContext(tls)
            .build();
    channels.add(channel);
    return channel;
  }

  private static String download(ManagedChannel channel) {
    return FederationGrpc.newBlockingStub(channel)
        .download(DownloadRequest.getDefaultInstance())
        .next()
        .getData()
        .toStringUtf8();
  }

  private static void assertRefused(Throwable thrown, Status.Code code, String reason) {
    assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(code);
    assertThat(Status.trailersFromThrowable(thrown).get(CertifiedClients.REFUSAL))
        .isEqualTo(reason);
  }
}
