package io.espalier.federation.trust;

import com.google.protobuf.ByteString;
import io.espalier.federation.protocol.EnrolReply;
import io.espalier.federation.protocol.EnrolRequest;
import io.espalier.federation.protocol.EnrolmentGrpc;
import io.espalier.federation.protocol.RenewRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A device's identity at its server: a key that was made on the device and never leaves it, its
 * certificate, and the authority's, in {@code identity.pem} of a directory of the owner's alone.
 * Immutable: {@link #renew} returns the next one.
 */
public final class Identity {
  private static final String FILE = "identity.pem";
  private static final long DEADLINE_SECONDS = 30;

  private final Path directory;
  private final KeyedChain keyed;

  private Identity(Path directory, KeyedChain keyed) {
    this.directory = directory;
    this.keyed = keyed;
  }

  public static Path directory(Path home, ServerAddress server) {
    return home.resolve("edge").resolve(server.directoryName());
  }

  public static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * Makes a key and has the server of the token's authority certify it. Replaces an identity in the
   * directory.
   *
   * @throws TrustException if the server is absent, not that of the token, or refuses
   */
  public static Identity enrol(Path directory, ServerAddress server, EnrolmentToken token)
      throws IOException {
    OwnerOnlyFiles.makeDirectory(directory);
    KeyPair key = EcKeys.generate();
    EnrolRequest request =
        EnrolRequest.newBuilder()
            .setToken(token.secret())
            .setSigningRequest(ByteString.copyFrom(SigningRequest.of(key)))
            .build();
    ManagedChannel channel = open(server, Tls.ofClient(token.authority(), Optional.empty()));
    try {
      EnrolReply reply = calls(channel).enrol(request);
      return stored(directory, certified(key, reply, token.authority()));
    } catch (StatusRuntimeException e) {
      throw failure("server=" + server, e);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Opens an identity; throws {@link TrustException} if it is absent or damaged. */
  public static Identity open(Path directory) throws IOException {
    if (!isIn(directory)) {
      throw new TrustException(
          "a device must be enrolled: directory=%s has no %s; run 'espalier enrol' with a token of the server"
              .formatted(directory, FILE));
    }
    return new Identity(directory, KeyedChain.read(directory.resolve(FILE)));
  }

  /** Has a new key certified; throws {@link TrustException} if the server refuses or is absent. */
  public Identity renew(ServerAddress server) throws IOException {
    ManagedChannel channel = open(server, clientTls());
    try {
      return renew(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Renews over a channel that was opened with {@link #clientTls}. */
  Identity renew(Channel channel) throws IOException {
    KeyPair key = EcKeys.generate();
    RenewRequest request =
        RenewRequest.newBuilder()
            .setSigningRequest(ByteString.copyFrom(SigningRequest.of(key)))
            .build();
    try {
      EnrolReply reply = calls(channel).renew(request);
      return stored(directory, certified(key, reply, authority()));
    } catch (StatusRuntimeException e) {
      throw failure("server=" + channel.authority(), e);
    }
  }

  private static EnrolmentGrpc.EnrolmentBlockingStub calls(Channel channel) {
    return EnrolmentGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static KeyedChain certified(KeyPair key, EnrolReply reply, Fingerprint authority) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (ByteString der : reply.getCertificatesList()) {
        chain.add(KeyedChain.certificate(der.toByteArray()));
      }
      KeyedChain certified = new KeyedChain(key.getPrivate(), chain);
      if (!Fingerprint.of(certified.authority()).equals(authority)
          || !certified.certificate().getPublicKey().equals(key.getPublic())) {
        throw uncertified("key or authority differ");
      }
      return certified;
    } catch (CertificateException | IllegalArgumentException e) {
      throw uncertified(String.valueOf(e.getMessage()));
    }
  }

  private static TrustException uncertified(String cause) {
    return new TrustException(
        "the server must answer with a certificate for the device's key by its authority: cause=%s; tell its operator"
            .formatted(cause));
  }

  private static Identity stored(Path directory, KeyedChain keyed) throws IOException {
    keyed.write(directory.resolve(FILE));
    return new Identity(directory, keyed);
  }

  public Path directory() {
    return directory;
  }

  public String name() {
    return ClientIdentity.of(keyed.certificate()).name();
  }

  public Instant expires() {
    return keyed.certificate().getNotAfter().toInstant();
  }

  /** Whether less than a third of the certificate's life remains. */
  public boolean expiresSoon(InstantSource clock) {
    return keyed.expiresSoon(clock.instant());
  }

  public Fingerprint authority() {
    return Fingerprint.of(keyed.authority());
  }

  /** TLS with this identity, to servers of its authority under the name that is called. */
  public SslContext clientTls() {
    return Tls.ofClient(authority(), Optional.of(keyed));
  }

  private static ManagedChannel open(ServerAddress server, SslContext tls) {
    return NettyChannelBuilder.forAddress(server.host(), server.port()).sslContext(tls).build();
  }

  private static TrustException failure(String what, StatusRuntimeException e) {
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
