package io.espalier.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class LiveTest {
  private static final int STREAMS = 60;

  private DashboardFixture dashboard;

  @BeforeEach
  void start() throws Exception {
    dashboard = DashboardFixture.start(settings -> settings.withStreams(STREAMS, STREAMS));
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void stream_beginsWithAStatus_andTellsItAgainEachSecond() throws Exception {
    try (Viewer viewer = dashboard.viewer("runs")) {
      JsonNode first = viewer.next().orElseThrow();
      JsonNode snapshot = viewer.next().orElseThrow();
      JsonNode again = viewer.await(LiveTest::isStatus);

      assertThat(viewer.answer().headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      assertThat(first.path("type").asText()).isEqualTo("status");
      assertThat(first.at("/source/state").asText()).isEqualTo("waiting");
      assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
      assertThat(snapshot.path("subject").asText()).isEqualTo("runs");
      assertThat(again.path("now").asLong() - first.path("now").asLong()).isBetween(700L, 30_000L);
    }
  }

  @Test
  void stream_sendsChanges_andAppendsToSeries() throws Exception {
    try (Viewer viewer = dashboard.viewer("run:a", "runs")) {
      // Given
      JsonNode absent = viewer.await(message -> isAbout(message, "run:a"));
      dashboard.publish("a", started("first"));
      dashboard.publish("a", steps(1, 3));
      JsonNode snapshot = viewer.await(message -> message.at("/series/trainLoss").has("all"));

      // When
      dashboard.publish("a", steps(4, 2));
      JsonNode change = viewer.await(message -> message.at("/series/trainLoss").has("append"));

      // Then
      assertThat(absent.path("type").asText()).isEqualTo("absent");
      assertThat(steps(snapshot.at("/series/trainLoss/all"))).containsExactly(1L, 2L, 3L);
      assertThat(change.path("type").asText()).isEqualTo("change");
      assertThat(steps(change.at("/series/trainLoss/append"))).containsExactly(4L, 5L);
    }
  }

  @Test
  void names_withMarkup_areDataOfJson() throws Exception {
    // Given
    String name = "</script><script>alert(1)</script>\n\ndata: {\"type\":\"x\"}\r\n\r\n<b>";

    // When
    dashboard.publish("a", started(name));

    // Then
    try (Viewer viewer = dashboard.viewer("runs")) {
      JsonNode snapshot = viewer.awaitDocument();
      assertThat(snapshot.at("/parts/a/name").asText()).isEqualTo(name);
      assertThat(viewer.answer().headers().firstValue("X-Content-Type-Options"))
          .hasValue("nosniff");
    }
  }

  @Test
  void service_whereThereIsNone_isAbsent() throws Exception {
    try (Viewer viewer = dashboard.viewer("service")) {
      JsonNode message = viewer.awaitDocument();

      assertThat(message.path("type").asText()).isEqualTo("absent");
      assertThat(message.path("subject").asText()).isEqualTo("service");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?subject=",
        "?subject=run:",
        "?subject=everything",
        "?subject=run:..%2fx",
        "?subject=run:%3Cscript%3E",
        "?subject=runs&after=1",
        "?subject=run:%zz"
      })
  void subjects_thatAreNone_areRefused(String query) throws Exception {
    String answer =
        dashboard.raw(
            "GET /dashboard/live%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
                .formatted(query, dashboard.port()));

    assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    assertThat(answer).contains("X-Content-Type-Options: nosniff").doesNotContain("\tat ");
  }

  @Test
  void subjects_tooMany_areRefused_andAsManyAsAllowedAreServed() throws Exception {
    // Given
    String[] most = IntStream.range(0, 32).mapToObj(each -> "run:r" + each).toArray(String[]::new);
    String more = "/dashboard/live?subject=runs&subject=" + String.join("&subject=", most);

    // When
    HttpResponse<String> refused = dashboard.get(more);

    // Then
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("count=33");
    try (Viewer viewer = dashboard.viewer(most)) {
      Set<String> received = new HashSet<>();
      while (received.size() < most.length) {
        received.add(viewer.awaitDocument().path("subject").asText());
      }
      assertThat(received).containsExactlyInAnyOrder(most);
    }
  }

  @Test
  void viewers_asManyAsThereMayBe_areAllServed_andOneMoreIsRefused() throws Exception {
    List<Viewer> viewers = new ArrayList<>();
    try {
      // Given
      for (int i = 0; i < STREAMS; i++) {
        viewers.add(dashboard.viewer("runs", "run:a"));
      }

      // When
      HttpResponse<String> more = dashboard.get("/dashboard/live?subject=runs");
      dashboard.publish("a", started("for all"));

      // Then
      assertThat(more.statusCode()).isEqualTo(429);
      assertThat(more.headers().firstValue("Retry-After")).isPresent();
      for (Viewer each : viewers) {
        each.await(message -> message.at("/parts/a/name").asText().equals("for all"));
      }
    } finally {
      for (Viewer each : viewers) {
        each.close();
      }
    }
    try (Viewer again = awaitPlace()) {
      assertThat(again.awaitDocument().at("/parts/a/name").asText()).isEqualTo("for all");
    }
  }

  @Test
  void viewer_thatDoesNotRead_getsWhatIsNewestLater_andHoldsNobodyUp() throws Exception {
    dashboard.publish("a", started("slow"));
    try (Socket slow = dashboard.socket();
        Viewer other = dashboard.viewer("run:a")) {
      // Given
      slow.setReceiveBufferSize(4096);
      slow.getOutputStream()
          .write(
              "GET /dashboard/live?subject=run:a HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                  .formatted(dashboard.port())
                  .getBytes(StandardCharsets.US_ASCII));
      int steps = 20_000;

      // When
      for (int first = 1; first <= steps; first += 100) {
        dashboard.publish("a", steps(first, 100));
      }
      long seen = 0;
      while (seen < steps) {
        JsonNode series =
            other
                .await(message -> message.at("/series/trainLoss").size() > 0)
                .at("/series/trainLoss");
        List<Long> xs = steps(series.has("all") ? series.get("all") : series.get("append"));
        seen = xs.get(xs.size() - 1);
      }

      // Then
      assertThat(readUntil(slow.getInputStream(), Integer.toString(steps))).isTrue();
    }
  }

  @Test
  void stream_afterTheServerCameBack_beginsAnewWithASnapshot() throws Exception {
    // Given
    dashboard.publish("a", started("again"));
    dashboard.publish("a", steps(1, 3));
    try (Viewer first = dashboard.viewer("run:a")) {
      first.await(message -> message.at("/series/trainLoss").has("all"));

      // When
      dashboard.publish("a", steps(4, 1));
      first.await(message -> message.at("/series/trainLoss").has("append"));
    }

    // Then
    try (Viewer second = dashboard.viewer("run:a")) {
      JsonNode snapshot = second.awaitDocument();
      assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
      assertThat(steps(snapshot.at("/series/trainLoss/all"))).containsExactly(1L, 2L, 3L, 4L);
    }
  }

  @Test
  void streams_whenTheServerEnds_end() throws Exception {
    try (Viewer viewer = dashboard.viewer("runs")) {
      viewer.awaitDocument();

      dashboard.close();

      Optional<JsonNode> last = viewer.next();
      while (last.isPresent()) {
        last = viewer.next();
      }
      assertThat(last).isEmpty();
    } finally {
      dashboard = DashboardFixture.start();
    }
  }

  /** A place is free again soon after a viewer has left. */
  private Viewer awaitPlace() throws Exception {
    while (true) {
      Viewer viewer = dashboard.viewer("runs");
      if (viewer.answer().statusCode() == 200) {
        return viewer;
      }
      viewer.close();
    }
  }

  private static boolean readUntil(InputStream stream, String text) throws Exception {
    var read = new StringBuilder();
    byte[] piece = new byte[8192];
    for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
      read.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
      if (read.indexOf(text) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isStatus(JsonNode message) {
    return message.path("type").asText().equals("status");
  }

  private static boolean isAbout(JsonNode message, String subject) {
    return message.path("subject").asText().equals(subject);
  }

  private static List<Long> steps(JsonNode points) {
    List<Long> steps = new ArrayList<>();
    points.get(0).forEach(step -> steps.add(step.asLong()));
    return steps;
  }

  private static RunStarted started(String name) {
    return new RunStarted(name, 1, 1, 1_000_000, 100, 1_000, 100, 0.9);
  }

  private static StepsMeasured steps(long first, int count) {
    List<Double> values = Collections.nCopies(count, 0.5);
    return new StepsMeasured(0, first, values, values, 0.1, 0.01, 100, Optional.empty());
  }
}
