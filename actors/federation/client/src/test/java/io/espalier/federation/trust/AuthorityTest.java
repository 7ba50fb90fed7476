package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  @TempDir private Path temporary;

  @Test
  void authority_created_isOpenToItsOwnerOnly() throws IOException {
    // When
    Authority authority = Authority.create(directory(), List.of("Hub.example"), clock);

    // Then
    assertThat(mode(directory())).isEqualTo("rwx------");
    assertThat(mode(directory().resolve("authority.pem"))).isEqualTo("rw-------");
    assertThat(mode(directory().resolve("server.pem"))).isEqualTo("rw-------");
    assertThat(authority.hostNames())
        .containsExactly("hub.example", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void certificates_sayWhatTheyAreFor() throws Exception {
    // Given
    Authority authority = Authority.create(directory(), List.of("192.0.2.7"), clock);
    X509Certificate own = authority.certificate();
    X509Certificate server = authority.server().certificate();

    // When
    X509Certificate client = authority.certify("kitchen", key(), Authority.CLIENT_LIFE).get(0);

    // Then
    own.verify(own.getPublicKey());
    server.verify(own.getPublicKey());
    client.verify(own.getPublicKey());
    assertThat(own.getBasicConstraints()).isZero();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
    assertThat(client.getBasicConstraints()).isEqualTo(-1);
    assertThat(server.getExtendedKeyUsage()).containsExactly(SERVER_AUTHENTICATION);
    assertThat(client.getExtendedKeyUsage()).containsExactly(CLIENT_AUTHENTICATION);
    assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=kitchen");
    assertThat(client.getSerialNumber().bitLength()).isEqualTo(128);
    assertThat(client.getNotBefore().toInstant()).isEqualTo("2025-12-31T23:55:00Z");
    assertThat(client.getNotAfter().toInstant()).isEqualTo("2026-01-08T00:00:00Z");
    assertThat(authority.hostNames()).startsWith("192.0.2.7");
  }

  @Test
  void certificate_ofAClient_doesNotOutliveTheAuthority() throws IOException {
    Authority authority = Authority.create(directory(), List.of(), clock);

    X509Certificate client = authority.certify("kitchen", key(), Duration.ofDays(100_000)).get(0);

    assertThat(client.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
  }

  @Test
  void authority_createdTwice_isRefused_andTheFirstStays() throws IOException {
    Authority first = Authority.create(directory(), List.of(), clock);

    assertThatThrownBy(() -> Authority.create(directory(), List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("directory=" + directory() + " has authority.pem");
    assertThat(Authority.open(directory(), List.of(), clock).fingerprint())
        .isEqualTo(first.fingerprint());
  }

  @Test
  void authority_thatIsMissing_isToldWithTheWayOut() {
    assertThatThrownBy(() -> Authority.open(directory(), List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("make one with 'espalier federate init'");
  }

  @Test
  void serverCertificate_isRenewedWhenLessThanAThirdOfItsLifeRemains() throws IOException {
    Authority first = Authority.create(directory(), List.of("hub.example"), clock);

    clock.advance(Duration.ofDays(240));
    Authority same = Authority.open(directory(), List.of(), clock);
    clock.advance(Duration.ofDays(10));
    Authority renewed = Authority.open(directory(), List.of(), clock);

    assertThat(same.server()).isEqualTo(first.server());
    assertThat(renewed.server()).isNotEqualTo(first.server());
    assertThat(renewed.hostNames()).isEqualTo(first.hostNames());
    assertThat(renewed.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void serverCertificate_isMadeAnewForMoreHostNames() throws IOException {
    Authority first = Authority.create(directory(), List.of("hub.example"), clock);

    Authority more = Authority.open(directory(), List.of("other.example"), clock);
    Authority again = Authority.open(directory(), List.of("hub.example"), clock);

    assertThat(more.hostNames()).containsAll(first.hostNames()).contains("other.example");
    assertThat(again.server()).isEqualTo(more.server());
  }

  @Test
  void serverCertificate_lost_isMadeAnew() throws IOException {
    Authority.create(directory(), List.of(), clock);
    Files.delete(directory().resolve("server.pem"));

    assertThat(Authority.open(directory(), List.of("hub.example"), clock).hostNames())
        .contains("hub.example", "localhost");
  }

  @Test
  void keys_thatOthersMayRead_areRefused() throws IOException {
    Authority.create(directory(), List.of(), clock);
    Files.setPosixFilePermissions(
        directory().resolve("authority.pem"), PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> Authority.open(directory(), List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("mode=rw-r-----; run chmod 600");
  }

  @Test
  void directory_ofOthers_isLeftAsItIs() throws IOException {
    Path shared = Files.createDirectories(directory());
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.writeString(shared.resolve("theirs"), "theirs");

    assertThatThrownBy(() -> Authority.create(shared, List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("directory=" + shared + ", mode=rwxr-xr-x; choose a new one");
    assertThatThrownBy(() -> Authority.create(file, List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("directory=" + file);
    assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void directory_thatIsEmpty_isClosedToOthers() throws IOException {
    Path empty = Files.createDirectories(directory());
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-xr-x"));

    Authority.create(empty, List.of(), clock);

    assertThat(mode(empty)).isEqualTo("rwx------");
  }

  @Test
  void keys_thatAreNoPem_areRefused() throws IOException {
    Authority.create(directory(), List.of(), clock);
    Files.writeString(directory().resolve("authority.pem"), "no keys here");

    assertThatThrownBy(() -> Authority.open(directory(), List.of(), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("must hold a private key and its certificates in PEM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hub.example:8443", "a b", "-hub", "300.1.1.1", "*.example", "::g"})
  void hostName_thatIsNone_isRefused(String name) {
    assertThatThrownBy(() -> Authority.create(directory(), List.of(name), clock))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("name=" + name + "; correct it");
    assertThat(directory().resolve("authority.pem")).doesNotExist();
  }

  private static PublicKey key() {
    return SigningRequest.parse(SigningRequest.of(EcKeys.generate())).key();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path directory() {
    return temporary.resolve("made/federation");
  }
}
