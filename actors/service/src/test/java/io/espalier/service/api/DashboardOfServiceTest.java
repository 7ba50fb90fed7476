package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.RunState;
import io.espalier.service.dashboard.Viewer;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class DashboardOfServiceTest {
  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory);
    api.runs().put("secret-run", RunState.RUNNING);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer ", "Bearer espalier_wrong", "Basic cmVhZGVyOng=", "Bearer x y"})
  void stream_withoutAToken_isRefusedAndTellsNothing(String header) throws Exception {
    String authorization = header.isEmpty() ? "" : "Authorization: " + header + "\r\n";

    String answer =
        api.raw(
            "GET /dashboard/live?subject=service&subject=runs HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%sConnection: close\r\n\r\n"
                .formatted(api.api().address().getPort(), authorization));

    assertThat(answer).matches("(?s)HTTP/1.1 40[01] .*");
    assertThat(answer).contains("application/problem+json");
    assertThat(answer).doesNotContain("secret-run", "data:", "127.0.0.1", directory.toString());
  }

  @Test
  void tokenInTheAddress_isNotTaken() throws Exception {
    HttpResponse<String> answer =
        api.send(api.anonymous("/dashboard/live?subject=runs&token=" + api.read()));

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void page_needsNoToken_andSaysThatDataDoes() throws Exception {
    HttpResponse<String> page = api.send(api.anonymous("/dashboard/"));
    HttpResponse<String> root = api.send(api.anonymous("/"));
    JsonNode info = json(api.send(api.anonymous("/dashboard/info")));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("secret-run");
    assertThat(root.headers().firstValue("Location")).hasValue("/dashboard/");
    assertThat(info.path("mode").asText()).isEqualTo("service");
    assertThat(info.path("token").asBoolean()).isTrue();
    assertThat(info.path("control").asBoolean()).isTrue();
  }

  @Test
  void service_isSent_asTheApiSpellsIt_andAgainWhatChanges() throws Exception {
    JsonNode spelled = json(api.get("/v1/runs/secret-run"));
    JsonNode described = json(api.get("/v1/service"));
    try (Viewer viewer = viewer(api.read(), "service")) {
      // When
      JsonNode snapshot = viewer.awaitDocument();
      api.runs().put("second", RunState.QUEUED);
      JsonNode added = viewer.awaitDocument();
      api.runs().remove("secret-run");
      JsonNode removed = viewer.awaitDocument();

      // Then
      assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
      assertThat(snapshot.at("/parts/secret-run")).isEqualTo(spelled);
      assertThat(snapshot.path("parts").path("")).isEqualTo(described);
      assertThat(added.path("type").asText()).isEqualTo("change");
      assertThat(added.path("parts").properties()).hasSize(1);
      assertThat(added.at("/parts/second/state").asText()).isEqualTo("queued");
      assertThat(removed.path("parts").properties()).hasSize(1);
      assertThat(removed.at("/parts/secret-run").isNull()).isTrue();
    }
  }

  @Test
  void service_thatDoesNotAnswer_holdsTheStreamNotUp() throws Exception {
    api.runs().fallSilent();
    try (Viewer viewer = viewer(api.read(), "service", "runs")) {
      JsonNode runs = viewer.awaitDocument();
      JsonNode status = viewer.await(message -> message.path("type").asText().equals("status"));

      assertThat(runs.path("subject").asText()).isEqualTo("runs");
      assertThat(status.path("now").asLong()).isPositive();
    }
  }

  @Test
  void viewers_shareOneQuestion_andNobodyAsksWithoutThem() throws Exception {
    // Given
    int before = api.runs().listCalls();
    List<Viewer> viewers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      viewers.add(viewer(api.read(), "service"));
    }

    // When
    long begun = System.nanoTime();
    for (Viewer each : viewers) {
      each.awaitDocument();
      each.close();
    }
    int asked = api.runs().listCalls() - before;
    long seconds = (System.nanoTime() - begun) / 1_000_000_000 + 2;

    // Then
    assertThat(before).isZero();
    // One per second for any number of viewers; opening the streams took a while, too.
    assertThat(asked).isBetween(1, (int) seconds + 10);
  }

  @Test
  void browser_steersARunWithItsToken_fromThePageOnly() throws Exception {
    String origin = "http://127.0.0.1:" + api.api().address().getPort();

    HttpResponse<String> mayNot = steer("/v1/runs/secret-run/pause", api.read(), origin);
    HttpResponse<String> may = steer("/v1/runs/secret-run/pause", api.operate(), origin);
    HttpResponse<String> asked =
        api.send(
            api.anonymous("/v1/runs/secret-run/pause")
                .header("Origin", "http://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(mayNot.statusCode()).isEqualTo(403);
    assertThat(may.statusCode()).isEqualTo(202);
    assertThat(json(may).path("state").asText()).isEqualTo("pausing");
    assertThat(asked.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void api_andDashboard_endTogether_withoutWaitingForViewers() throws Exception {
    try (Viewer viewer = viewer(api.read(), "service")) {
      viewer.awaitDocument();

      api.close();

      Optional<JsonNode> last = viewer.next();
      while (last.isPresent()) {
        last = viewer.next();
      }
      assertThat(last).isEmpty();
    } finally {
      api = ApiFixture.start(directory.resolve("other"));
    }
  }

  @Test
  void metrics_countViewers() throws Exception {
    try (Viewer viewer = viewer(api.read(), "runs")) {
      viewer.awaitDocument();

      HttpResponse<String> metrics = api.send(api.anonymous("/metrics"));

      assertThat(metrics.body()).contains("espalier_dashboard_streams 1.0");
    }
  }

  private HttpResponse<String> steer(String path, String token, String origin) throws Exception {
    return api.send(
        api.anonymous(path)
            .header("Authorization", "Bearer " + token)
            .header("Origin", origin)
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray("".getBytes(StandardCharsets.UTF_8))));
  }

  private Viewer viewer(String token, String... subjects) throws Exception {
    return Viewer.open(
        api.client(),
        URI.create("http://127.0.0.1:" + api.api().address().getPort()),
        Optional.of(token),
        subjects);
  }
}
