package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.dashboard.Viewer;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.service.http.SelfSigned;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DashboardProcessTest {
  private static final Optional<BrokerAccess> NO_BROKER =
      Optional.of(BrokerAccess.of("127.0.0.1:1"));

  @TempDir private Path directory;

  @Test
  void dashboard_thatOthersReach_hasTls_andTellsThoseWithATokenOfTheHome() throws Exception {
    // Given
    SelfSigned certificate = SelfSigned.in(directory);
    Path home = directory.resolve("home");
    HttpSettings http = HttpSettings.loopback(0).withTls(certificate.files());
    http =
        new HttpSettings(
            new InetSocketAddress("0.0.0.0", 0), http.tls(), http.limits(), http.times());
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(certificate.trusting("TLS"))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    try (DashboardProcess dashboard = DashboardProcess.start(home, NO_BROKER, http)) {
      URI server = URI.create("https://127.0.0.1:" + dashboard.server().getPort());
      Path file = dashboard.token().orElseThrow();
      String made =
          AccessTokens.open(ServeSettings.directoryIn(home), InstantSource.system())
              .create("reader", Role.READ);

      // When
      HttpResponse<String> page = get(client, server.resolve("/dashboard/"));
      HttpResponse<String> info = get(client, server.resolve("/dashboard/info"));
      HttpResponse<String> nobody = get(client, server.resolve("/dashboard/live?subject=runs"));

      // Then
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(new ObjectMapper().readTree(info.body()).path("token").asBoolean()).isTrue();
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      for (String token : new String[] {made, Files.readString(file).strip()}) {
        try (Viewer viewer = Viewer.open(client, server, Optional.of(token), "runs")) {
          assertThat(viewer.awaitDocument().path("subject").asText()).isEqualTo("runs");
        }
      }
    }
  }

  @Test
  void dashboard_onThisMachine_needsNoToken_andMakesNone() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    try (DashboardProcess dashboard =
            DashboardProcess.start(home, NO_BROKER, HttpSettings.loopback(0));
        Viewer viewer =
            Viewer.open(
                HttpClient.newHttpClient(), dashboard.server(), Optional.empty(), "system")) {
      assertThat(viewer.awaitDocument().path("subject").asText()).isEqualTo("system");
      assertThat(dashboard.token()).isEmpty();
    }
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void dashboard_thatRequiresAToken_showsNobodyItsPage() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    HttpSettings http = HttpSettings.loopback(0).withRequiredToken(true);
    try (DashboardProcess dashboard = DashboardProcess.start(home, NO_BROKER, http)) {
      URI page = dashboard.page();
      String token = Files.readString(dashboard.token().orElseThrow()).strip();
      HttpClient client = HttpClient.newHttpClient();

      HttpResponse<String> nobody = get(client, page);
      HttpResponse<String> caller =
          client.send(
              HttpRequest.newBuilder(page).header("Authorization", "Bearer " + token).build(),
              BodyHandlers.ofString());

      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(caller.statusCode()).isEqualTo(200);
      try (Viewer viewer = Viewer.open(client, dashboard.server(), Optional.of(token), "runs")) {
        assertThat(viewer.awaitDocument().path("subject").asText()).isEqualTo("runs");
      }
    }
  }

  private static HttpResponse<String> get(HttpClient client, URI address) throws Exception {
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }
}
