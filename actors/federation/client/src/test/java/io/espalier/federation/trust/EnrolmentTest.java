package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.espalier.federation.protocol.EnrolReply;
import io.espalier.federation.protocol.EnrolRequest;
import io.espalier.federation.protocol.EnrolmentGrpc;
import io.espalier.federation.trust.RegisteredClient.State;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
  private final SettableClock clock = new SettableClock(Instant.now());
  @TempDir private Path directory;
  private LoopbackServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LoopbackServer.start(directory, clock);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void device_withToken_getsACertificateInItsName() throws IOException {
    // Given
    EnrolmentToken token = server.token("kitchen");

    // When
    Identity identity = Identity.enrol(device("a"), server.address(), token);

    // Then
    assertThat(identity.name()).isEqualTo("kitchen");
    assertThat(identity.authority()).isEqualTo(server.authority().fingerprint());
    assertThat(Duration.between(clock.instant(), identity.expires()))
        .isBetween(Duration.ofDays(7).minusSeconds(1), Duration.ofDays(7));
    assertThat(Identity.open(device("a")).name()).isEqualTo("kitchen");
    assertThat(server.register().clients())
        .singleElement()
        .matches(each -> each.name().equals("kitchen"))
        .matches(each -> each.state(clock.instant()) == State.ACTIVE);
    assertThat(server.refused()).isEmpty();
  }

  @Test
  void server_reachedByAddress_isTrustedToo() throws IOException {
    Identity identity =
        Identity.enrol(device("a"), server.address("127.0.0.1"), server.token("kitchen"));

    assertThat(identity.name()).isEqualTo("kitchen");
  }

  @Test
  void key_staysOnTheDevice_inAFileOfItsOwnersAlone() throws IOException {
    // When
    Identity.enrol(device("a"), server.address(), server.token("kitchen"));

    // Then
    Path file = device("a").resolve("identity.pem");
    String secret = secret(KeyedChain.read(file));
    EnrolRequest request = (EnrolRequest) server.received().get(0);
    assertThat(server.received()).hasSize(1);
    assertThat(HexFormat.of().formatHex(request.toByteArray())).doesNotContain(secret);
    assertThat(Files.readString(file)).contains("BEGIN PRIVATE KEY", "BEGIN CERTIFICATE");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(device("a"))))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(device("a"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void token_usedTwice_isRefused() throws IOException {
    // Given
    EnrolmentToken token = server.token("kitchen");
    Identity.enrol(device("a"), server.address(), token);

    // When
    Throwable thrown = catchThrowable(() -> Identity.enrol(device("b"), server.address(), token));

    // Then
    assertThat(thrown)
        .isInstanceOf(TrustException.class)
        .hasMessage(
            "a token must be known, unused and not expired; get a new one with 'espalier federate token' on the server");
    assertThat(device("b").resolve("identity.pem")).doesNotExist();
    assertThat(server.refused()).containsExactly("? unknown-client");
  }

  @Test
  void token_expiredOrWrong_isRefusedWithTheSameWords() throws IOException {
    // Given
    EnrolmentToken expired = server.token("kitchen");
    EnrolmentToken wrong = EnrolmentToken.random(server.authority().fingerprint());
    clock.advance(Duration.ofHours(1));

    for (EnrolmentToken token : List.of(expired, wrong)) {
      assertThatThrownBy(() -> Identity.enrol(device("a"), server.address(), token))
          .isInstanceOf(TrustException.class)
          .hasMessageStartingWith("a token must be known, unused and not expired");
    }
    assertThat(server.register().clients()).isEmpty();
  }

  @Test
  void token_ofTwoDevicesAtOnce_admitsOne() throws Exception {
    // Given
    int devices = 4;
    EnrolmentToken token = server.token("kitchen");
    CyclicBarrier start = new CyclicBarrier(devices);
    ExecutorService threads = Executors.newFixedThreadPool(devices);

    // When
    List<Future<Boolean>> admitted =
        IntStream.range(0, devices)
            .mapToObj(
                index ->
                    threads.submit(
                        () -> {
                          start.await();
                          return isAdmitted("device" + index, token);
                        }))
            .toList();

    // Then
    int successes = 0;
    for (Future<Boolean> each : admitted) {
      successes += each.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(successes).isEqualTo(1);
    assertThat(server.register().clients().get(0).certificates()).hasSize(1);
  }

  private boolean isAdmitted(String device, EnrolmentToken token) throws IOException {
    try {
      Identity.enrol(device(device), server.address(), token);
      return true;
    } catch (TrustException e) {
      return false;
    }
  }

  @Test
  void token_survivesARestartOfTheServer() throws IOException {
    // Given
    EnrolmentToken unused = server.token("kitchen");
    EnrolmentToken used = server.token("garden");
    Identity.enrol(device("b"), server.address(), used);

    // When
    server.close();
    server = LoopbackServer.start(directory, clock);

    // Then
    assertThat(Identity.enrol(device("a"), server.address(), unused).name()).isEqualTo("kitchen");
    assertThatThrownBy(() -> Identity.enrol(device("c"), server.address(), used))
        .isInstanceOf(TrustException.class);
  }

  @Test
  void token_olderThanARevocation_isRefused() throws IOException {
    EnrolmentToken token = server.token("kitchen");
    clock.advance(Duration.ofSeconds(1));
    server.register().revoke("kitchen");

    assertThatThrownBy(() -> Identity.enrol(device("a"), server.address(), token))
        .hasMessageStartingWith("a token must be known, unused and not expired");
    assertThat(Identity.enrol(device("a"), server.address(), newerToken()).name())
        .isEqualTo("kitchen");
  }

  private EnrolmentToken newerToken() throws IOException {
    clock.advance(Duration.ofSeconds(1));
    return server.token("kitchen");
  }

  @Test
  void secondDevice_ofTheSameName_takesTheFirstOnesPlace() throws IOException {
    Identity.enrol(device("a"), server.address(), server.token("kitchen"));
    Identity.enrol(device("b"), server.address(), server.token("kitchen"));

    RegisteredClient client = server.register().clients().get(0);
    assertThat(client.certificates()).extracting("revoked").containsExactly(true, false);
    assertThat(client.state(clock.instant())).isEqualTo(State.ACTIVE);
  }

  @Test
  void server_ofAnotherAuthority_isNotTrusted_andSeesNoToken() throws IOException {
    // Given
    Fingerprint other = new Fingerprint("ab".repeat(Fingerprint.BYTES));
    EnrolmentToken token = new EnrolmentToken(server.token("kitchen").secret(), other);

    // When
    Throwable thrown = catchThrowable(() -> Identity.enrol(device("a"), server.address(), token));

    // Then
    assertThat(thrown)
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("the server must belong to the expected authority")
        .hasMessageContaining("expected=" + other.hex())
        .hasMessageContaining("found=" + server.authority().fingerprint().hex());
    assertThat(server.received()).isEmpty();
  }

  @Test
  void server_underANameThatItsCertificateLacks_isNotTrusted() throws IOException {
    // Given
    Identity identity = Identity.enrol(device("a"), server.address(), server.token("kitchen"));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.address().port())
            .sslContext(identity.clientTls())
            .overrideAuthority("hub.example")
            .build();

    // When
    Throwable thrown = catchThrowable(() -> identity.renew(channel));

    // Then
    channel.shutdownNow();
    assertThat(thrown)
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("must name the host: host=hub.example")
        .hasMessageContaining("certificate names=localhost, 127.0.0.1");
    assertThat(server.received()).hasSize(1);
  }

  /** A client's common name is no server's name, even where it is that of the host. */
  @Test
  void server_withTheCertificateOfAClient_isNotTrusted() throws Exception {
    // Given
    Identity impostor = Identity.enrol(device("a"), server.address(), server.token("localhost"));
    KeyedChain keyed = KeyedChain.read(impostor.directory().resolve("identity.pem"));
    Server other =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forServer(keyed.key(), keyed.chain()))
                    .build())
            .build()
            .start();
    EnrolmentToken token = server.token("kitchen");

    // When
    Throwable thrown =
        catchThrowable(
            () ->
                Identity.enrol(
                    device("b"), new ServerAddress("localhost", other.getPort()), token));

    // Then
    other.shutdownNow().awaitTermination();
    assertThat(thrown)
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("must be made by its authority for servers: subject=CN=localhost");
  }

  @Test
  void server_whoseCertificateHasExpired_isNotTrusted(@TempDir Path old) throws IOException {
    clock.advance(Duration.ofDays(-400));
    try (LoopbackServer expired = LoopbackServer.start(old, clock)) {
      EnrolmentToken token = expired.token("kitchen");

      assertThatThrownBy(() -> Identity.enrol(device("a"), expired.address(), token))
          .isInstanceOf(TrustException.class)
          .hasMessageContaining("must be valid now", "check the device's clock");
    }
  }

  @Test
  void server_thatIsNotThere_isNamed() throws IOException {
    ServerAddress nobody = new ServerAddress("localhost", freePort());
    EnrolmentToken token = server.token("kitchen");

    assertThatThrownBy(() -> Identity.enrol(device("a"), nobody, token))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("server=" + nobody)
        .hasMessageContaining("refused")
        .hasMessageContaining("check the address, and that the server runs");
  }

  @Test
  void signingRequest_malformedOrTooLarge_isRefused_andLeavesTheToken() throws IOException {
    // Given
    EnrolmentToken token = server.token("kitchen");

    for (int bytes : new int[] {0, 100, 8193}) {
      // When
      Throwable thrown =
          catchThrowable(() -> enrol(token.secret(), ByteString.copyFrom(new byte[bytes])));

      // Then
      assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(thrown).hasMessageContaining("bytes=" + bytes);
    }
    assertThat(server.refused()).hasSize(3).containsOnly("? malformed");
    assertThat(Identity.enrol(device("a"), server.address(), token).name()).isEqualTo("kitchen");
  }

  @Test
  void address_thatFailsTooOften_waitsAMinute() throws IOException {
    // Given
    ByteString request = ByteString.copyFrom(SigningRequest.of(EcKeys.generate()));
    EnrolmentToken token = server.token("kitchen");
    for (int attempt = 0; attempt < FailedAttempts.MOST; attempt++) {
      assertThatThrownBy(() -> enrol("guess", request)).hasMessageContaining("PERMISSION_DENIED");
    }

    // When
    Throwable blocked = catchThrowable(() -> enrol(token.secret(), request));
    clock.advance(Duration.ofMinutes(1));
    EnrolReply later = enrol(token.secret(), request);

    // Then
    assertThat(Status.fromThrowable(blocked).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(blocked).hasMessageContaining("address=127.0.0.1; wait a minute");
    assertThat(later.getCertificatesCount()).isEqualTo(2);
    assertThat(server.refused())
        .hasSize(FailedAttempts.MOST + 1)
        .startsWith("? unknown-client")
        .endsWith("? too-many");
  }

  private EnrolReply enrol(String secret, ByteString request) throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.address().port())
            .sslContext(
                GrpcSslContexts.forClient().trustManager(server.authority().certificate()).build())
            .build();
    try {
      return EnrolmentGrpc.newBlockingStub(channel)
          .enrol(EnrolRequest.newBuilder().setToken(secret).setSigningRequest(request).build());
    } finally {
      channel.shutdownNow();
    }
  }

  private Path device(String name) {
    return directory.resolve(name);
  }

  /** The private key's number, hexadecimal. */
  private static String secret(KeyedChain keyed) {
    return ((ECPrivateKey) keyed.key()).getS().toString(16);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
