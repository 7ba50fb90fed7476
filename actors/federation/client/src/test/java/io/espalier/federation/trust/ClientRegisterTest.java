package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.trust.ClientRegister.Standing;
import io.espalier.federation.trust.RegisteredClient.State;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientRegisterTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SettableClock clock = new SettableClock(START);
  @TempDir private Path directory;
  private ClientRegister register;

  @BeforeEach
  void openRegister() {
    register = ClientRegister.open(directory, clock);
  }

  @Test
  void register_withoutFile_isEmpty() {
    assertThat(register.clients()).isEmpty();
    assertThat(register.standing(client("kitchen", 1))).isEqualTo(Standing.UNKNOWN);
  }

  @Test
  void clients_areReadBackAsTheyWereWritten() throws IOException {
    // Given
    register.enrolled(client("kitchen", 1), START);
    register.renewed(client("kitchen", 1), client("kitchen", 2));
    register.enrolled(client("garden", 255), START);
    register.revoke("garden");

    // When
    List<RegisteredClient> read = ClientRegister.open(directory, clock).clients();

    // Then
    assertThat(read).isEqualTo(register.clients());
    assertThat(read).extracting(RegisteredClient::name).containsExactly("garden", "kitchen");
    assertThat(read.get(0).state(START)).isEqualTo(State.REVOKED);
    assertThat(read.get(0).revoked()).contains(START);
    assertThat(read.get(1).certificates()).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void revocation_byAnother_isSeenAtOnce() throws IOException {
    ClientRegister running = ClientRegister.open(directory, clock);
    register.enrolled(client("kitchen", 1), START);
    assertThat(running.standing(client("kitchen", 1))).isEqualTo(Standing.GOOD);

    register.revoke("kitchen");

    assertThat(running.standing(client("kitchen", 1))).isNotEqualTo(Standing.GOOD);
    assertThat(running.standing(client("kitchen", 1))).isEqualTo(Standing.REVOKED);
  }

  @Test
  void serial_ofAnotherClient_isUnknown() throws IOException {
    register.enrolled(client("kitchen", 1), START);

    assertThat(register.standing(client("garden", 1))).isEqualTo(Standing.UNKNOWN);
    assertThat(register.standing(client("kitchen", 2))).isNotEqualTo(Standing.GOOD);
  }

  @Test
  void enrolment_byATokenThatIsNotNewerThanTheRevocation_isRefused() throws IOException {
    register.revoke("kitchen");

    assertThatThrownBy(() -> register.enrolled(client("kitchen", 1), START))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("client=kitchen");
    register.enrolled(client("kitchen", 1), START.plusMillis(1));
    assertThat(register.clients().get(0).state(START)).isEqualTo(State.ACTIVE);
  }

  @Test
  void renewal_ofARevokedCertificate_isRefused() throws IOException {
    register.enrolled(client("kitchen", 1), START);
    register.revoke("kitchen");

    assertThatThrownBy(() -> register.renewed(client("kitchen", 1), client("kitchen", 2)))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("client=kitchen is revoked; enrol anew");
  }

  @Test
  void renewals_withoutEnd_keepTheNewestEight() throws IOException {
    register.enrolled(client("kitchen", 1), START);
    for (int serial = 2; serial <= 20; serial++) {
      register.renewed(client("kitchen", serial - 1), client("kitchen", serial));
    }

    assertThat(register.clients().get(0).certificates()).hasSize(8);
    assertThat(register.standing(client("kitchen", 12))).isNotEqualTo(Standing.GOOD);
    assertThat(register.standing(client("kitchen", 13))).isEqualTo(Standing.GOOD);
  }

  @Test
  void client_whoseCertificatesHaveExpired_isExpired() throws IOException {
    register.enrolled(client("kitchen", 1), START);

    assertThat(register.clients().get(0).state(START.plus(Duration.ofDays(7)).minusNanos(1)))
        .isEqualTo(State.ACTIVE);
    assertThat(register.clients().get(0).state(START.plus(Duration.ofDays(7))))
        .isEqualTo(State.EXPIRED);
  }

  @Test
  void changes_ofManyAtOnce_areAllKept() throws Exception {
    // Given
    int devices = 24;
    ExecutorService threads = Executors.newFixedThreadPool(4);

    // When
    List<Future<Boolean>> changes =
        IntStream.range(0, devices)
            .mapToObj(
                index ->
                    threads.submit(
                        () -> {
                          ClientRegister own = ClientRegister.open(directory, clock);
                          own.enrolled(client("device-" + index, index), START);
                          return own.standing(client("device-" + index, index)) == Standing.GOOD;
                        }))
            .toList();

    // Then
    for (Future<Boolean> each : changes) {
      assertThat(each.get()).isTrue();
    }
    threads.shutdown();
    assertThat(register.clients()).hasSize(devices);
  }

  @Test
  void file_thatIsMalformed_isRefusedWithTheWayOut() throws IOException {
    register.enrolled(client("kitchen", 1), START);
    for (String text : List.of("", "[]", "{\"clients\": [{\"name\": \"a\"}]}", "{\"clients\"")) {
      Files.writeString(file(), text);

      assertThatThrownBy(() -> ClientRegister.open(directory, clock).clients())
          .isInstanceOf(TrustException.class)
          .hasMessageContaining("file=" + file())
          .hasMessageContaining("restore it from a backup");
    }
  }

  private Path file() {
    return directory.resolve("clients.json");
  }

  private static ClientIdentity client(String name, int serial) {
    return new ClientIdentity(name, BigInteger.valueOf(serial), START.plus(Duration.ofDays(7)));
  }
}
