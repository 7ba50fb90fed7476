package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.training.run.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class DashboardCommandTest {
  private static final Pattern PAGE =
      Pattern.compile("dashboard (http://127.0.0.1:\\d+/dashboard/)");

  @TempDir private Path directory;

  /** TERM goes the way of INT, which a build in the background has its children ignore. */
  @Test
  void dashboard_whereNoBrokerIsUp_runsTheHomes_andEndsWellBySignal() throws Exception {
    try (ChildJvm dashboard = start("first")) {
      // Given
      dashboard.awaitPrinted(", in this process", 1);
      HttpResponse<String> answer = get(page(dashboard));

      // When
      dashboard.signal("TERM");

      // Then
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("importmap");
      assertThat(dashboard.await()).isZero();
      assertThat(dashboard.printed()).doesNotContain("Exception", "token ", "service ");
    }
  }

  @Test
  void dashboards_onPortsOfTheirOwn_runSideBySide_withOneBroker() throws Exception {
    try (ChildJvm one = start("one")) {
      one.awaitPrinted(", in this process", 1);
      try (ChildJvm other = start("other")) {
        other.awaitPrinted(", in another process of home", 1);

        assertThat(get(page(one)).statusCode()).isEqualTo(200);
        assertThat(get(page(other)).statusCode()).isEqualTo(200);
        assertThat(page(one)).isNotEqualTo(page(other));
      }
    }
  }

  @Test
  void dashboard_portInUse_isRefusedWithTheWayOut() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = CommandRun.of("dashboard", "--listen", "127.0.0.1:" + taken.getLocalPort());

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains(
              "--listen must be an address of this machine that is free",
              "127.0.0.1:" + taken.getLocalPort(),
              "choose another port");
      assertThat(run.out()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--listen 0.0.0.0:0, give --tls-certificate and --tls-key",
    "--listen 7071, must be HOST:PORT",
    "--tls-key k.pem, --tls-certificate is missing",
    "--kafka nowhere, must be HOST:PORT",
    "--kafka-config none.properties, must come with the broker"
  })
  void dashboard_whatCannotBe_isRefused(String options, String wayOut) {
    CommandRun run =
        CommandRun.of(List.of(("dashboard " + options).split(" ")).toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(wayOut);
  }

  @Test
  void dashboard_filesOfTlsThatAreNone_areRefused() throws Exception {
    Path key = Files.writeString(directory.resolve("key.pem"), "x");

    CommandRun run =
        CommandRun.of(
            "dashboard",
            "--listen",
            "127.0.0.1:0",
            "--tls-certificate",
            key.toString(),
            "--tls-key",
            key.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be PEM files that belong together", key.toString());
  }

  @Test
  void dashboard_help_namesItsOptions() {
    CommandRun run = CommandRun.of("dashboard", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("--listen", "--kafka", "--kafka-config", "--tls-certificate", "--tls-key")
        .contains("127.0.0.1:7071");
  }

  private Path home() throws Exception {
    return Files.createDirectories(directory.resolve("home"));
  }

  private ChildJvm start(String name) throws Exception {
    return ChildJvm.start(
        Espalier.class,
        List.of("dashboard", "--listen", "127.0.0.1:0"),
        home(),
        directory.resolve(name + ".log"));
  }

  private static URI page(ChildJvm dashboard) throws Exception {
    dashboard.awaitPrinted("dashboard http", 1);
    Matcher found = PAGE.matcher(dashboard.printed());
    assertThat(found.find()).as(dashboard.printed()).isTrue();
    return URI.create(found.group(1));
  }

  private static HttpResponse<String> get(URI page) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
  }
}
