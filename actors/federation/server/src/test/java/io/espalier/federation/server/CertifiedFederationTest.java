package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.protocol.Task;
import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.ClientRegister;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import io.espalier.federation.trust.TokenStore;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may take part, over real TLS and with certificates of a real enrolment. */
final class CertifiedFederationTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 1, cohort = 1, deadline = 60s }";

  @TempDir private Path directory;

  @Test
  void client_enrolled_takesPartAndItsBytesAreCounted() throws IOException {
    Authority authority = authority("ours");
    try (SampleHost sample =
        SampleHost.certified(directory.resolve("run"), FEDERATION, authority)) {
      SampleClient client = sample.client(enrol(sample, authority, "anna"));
      client.attend(1.0);
      Task task = client.task();
      MaskSet holds = sample.host.session().course().model().masks().masks();
      byte[] result = client.result(holds, .01f, SampleClient.EXAMPLES);

      assertThat(client.upload(client.header(task, result).build(), result)).isEqualTo("accepted");
      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(sample.events())
          .filteredOn(RoundCompleted.class::isInstance)
          .map(RoundCompleted.class::cast)
          .singleElement()
          .satisfies(
              round -> {
                assertThat(round.bytesUp()).isGreaterThan(result.length);
                assertThat(round.bytesDown()).isPositive();
              });
    }
  }

  @Test
  void client_revokedWhileConnected_isPutOutAndStaysOut() throws IOException {
    Authority authority = authority("ours");
    try (SampleHost sample =
        SampleHost.certified(directory.resolve("run"), FEDERATION, authority)) {
      Identity identity = enrol(sample, authority, "anna");
      SampleClient client = sample.client(identity);
      client.attend(1.0);
      client.task();

      ClientRegister.open(authority.directory(), CLOCK).revoke("anna");

      assertThat(client.next().getRefusal().getReason()).isEqualTo("revoked-client");
      SampleClient again = sample.client(identity);
      again.hello(1.0);
      assertThat(again.refusal()).isEqualTo("revoked-client");
      assertThat(sample.refusals()).contains("revoked-client");
    }
  }

  @Test
  void client_unknownToTheRegister_isRefused() throws IOException {
    Authority authority = authority("ours");
    Authority twin = authority("theirs");
    Identity stranger;
    try (SampleHost other = SampleHost.certified(directory.resolve("other"), FEDERATION, twin)) {
      stranger = enrol(other, twin, "anna");
    }
    try (SampleHost sample =
        SampleHost.certified(directory.resolve("run"), FEDERATION, authority)) {
      SampleClient client = sample.client(stranger);
      client.hello(1.0);

      assertThat(client.refusal()).contains("the server must belong to the expected authority");
      assertThat(sample.events()).noneMatch(RoundCompleted.class::isInstance);
    }
  }

  private Authority authority(String name) throws IOException {
    return Authority.create(directory.resolve(name), List.of("localhost"), CLOCK);
  }

  private Identity enrol(SampleHost sample, Authority authority, String name) throws IOException {
    String token =
        TokenStore.open(authority.directory(), CLOCK)
            .create(name, Duration.ofHours(1), authority.fingerprint())
            .text();
    Path place = directory.resolve("identity-" + name + "-" + authority.hashCode());
    ServerAddress address = new ServerAddress("localhost", sample.host.address().getPort());
    return Identity.enrol(place, address, io.espalier.federation.trust.EnrolmentToken.parse(token));
  }
}
