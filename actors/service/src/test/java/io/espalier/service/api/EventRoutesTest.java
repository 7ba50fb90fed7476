package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.RunState;
import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EventRoutesTest {
  private static final HttpSettings.Times QUICK =
      new HttpSettings.Times(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(90),
          Duration.ofMillis(20),
          Duration.ofMillis(300),
          Duration.ofSeconds(5));

  @TempDir private Path directory;
  private ApiFixture api;
  private Path events;

  @BeforeEach
  void start() throws IOException {
    api =
        ApiFixture.start(
            directory,
            settings ->
                settings.withTimes(QUICK).withLimits(new HttpSettings.Limits(64, 64, 3, 2)));
    api.runs().put("r1", RunState.RUNNING);
    events = api.runs().directory("r1").resolve("events.jsonl");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void events_areSentAsTheyAreWritten_untilTheRunEnds() throws Exception {
    // Given
    HttpResponse<Stream<String>> answer = listen("/v1/runs/r1/events");
    Iterator<String> lines = answer.body().iterator();
    assertThat(lines.next()).startsWith("retry: ");

    // When
    Files.createDirectories(events.getParent());
    append("{\"type\":\"A\"}\n{\"type\":\"B\"}\n{\"type\":");
    List<String> first = until(lines, "id: 2");
    append("\"C\"}\n");
    List<String> second = until(lines, "id: 3");
    append("{\"type\":\"D\"}\n");
    api.runs().put("r1", RunState.FAILED);
    List<String> rest = until(lines, "event: end");
    String status = lines.next();

    // Then
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(first).contains("id: 1", "event: A", "data: {\"type\":\"A\"}");
    assertThat(second).contains("data: {\"type\":\"B\"}").doesNotContain("id: 1");
    assertThat(rest).contains("data: {\"type\":\"C\"}", "id: 4", "data: {\"type\":\"D\"}");
    assertThat(
            new ObjectMapper().readTree(status.substring("data: ".length())).path("state").asText())
        .isEqualTo("failed");
    lines.forEachRemaining(line -> assertThat(line).isEmpty());
  }

  @Test
  void listener_thatComesBack_isSentWhatFollows() throws Exception {
    // Given
    write(5);

    // When
    String byHeader =
        api.send(
                api.request("/v1/runs/r1/events?follow=false&after=1").header("Last-Event-ID", "3"))
            .body();
    String byQuery = api.get("/v1/runs/r1/events?follow=false&after=4").body();

    // Then
    assertThat(byHeader).contains("id: 4\n", "id: 5\n").doesNotContain("id: 3\n", "event: end");
    assertThat(byQuery).contains("id: 5\n").doesNotContain("id: 4\n");
  }

  @Test
  void endedRun_isSentWhole_withItsStatus() throws Exception {
    write(2000);
    api.runs().put("r1", RunState.FINISHED);

    String text = api.get("/v1/runs/r1/events").body();

    assertThat(text.lines().filter(line -> line.startsWith("id: "))).hasSize(2000);
    assertThat(text).contains("event: end\ndata: {\"run\":\"r1\"").endsWith("\n\n");
  }

  @Test
  void run_deletedMeanwhile_endsTheStream() throws Exception {
    Iterator<String> lines = listen("/v1/runs/r1/events").body().iterator();
    lines.next();

    api.send(api.request("/v1/runs/r1").DELETE());

    until(lines, "event: end");
    assertThat(lines.next()).contains("deleted");
  }

  @Test
  void silentRun_isHeardOfByHeartbeats() throws Exception {
    Iterator<String> lines = listen("/v1/runs/r1/events").body().iterator();

    assertThat(until(lines, ":")).doesNotContain("id: 1");
    assertThat(until(lines, ":")).doesNotContain("id: 1");
  }

  @Test
  void listeners_aboveTheLimit_areRefused_untilOneLeaves() throws Exception {
    // Given
    HttpResponse<Stream<String>> first = listen("/v1/runs/r1/events");
    HttpResponse<Stream<String>> second = listen("/v1/runs/r1/events");

    // When
    HttpResponse<String> third = api.get("/v1/runs/r1/events");
    first.body().close();
    second.body().close();
    int status = third.statusCode();
    for (int i = 0; i < 200 && status != 200; i++) {
      Thread.sleep(20);
      status = api.get("/v1/runs/r1/events?follow=false").statusCode();
    }

    // Then
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(json(third).path("type").asText()).endsWith("too-many-streams");
    assertThat(third.headers().firstValue("Retry-After")).isPresent();
    assertThat(status).isEqualTo(200);
  }

  @Test
  void closingApi_sendsListenersARetryTime() throws Exception {
    Iterator<String> lines = listen("/v1/runs/r1/events").body().iterator();
    lines.next();

    api.api().close();

    assertThat(until(lines, "retry: 2000")).isNotEmpty();
    lines.forEachRemaining(line -> assertThat(line).isEmpty());
  }

  @Test
  void stream_mayLastLonger_thanARequestMayTake() throws Exception {
    // Given
    Iterator<String> lines = listen("/v1/runs/r1/events").body().iterator();
    lines.next();

    // When
    Thread.sleep(4000);
    write(1);

    // Then
    assertThat(until(lines, "id: 1")).contains(":");
  }

  @Test
  void head_opensNoStream() throws Exception {
    HttpResponse<String> answer =
        api.send(api.request("/v1/runs/r1/events").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    awaitNoStream();
  }

  @Test
  void runWithoutListeners_isNotAskedFor() throws Exception {
    // Given
    HttpResponse<Stream<String>> listener = listen("/v1/runs/r1/events");
    listener.body().close();
    write(10);
    api.get("/v1/runs/r1/events?follow=false");

    // When
    awaitNoStream();
    Thread.sleep(100);
    int before = api.runs().statusCalls();
    Thread.sleep(1500);

    // Then
    assertThat(api.runs().statusCalls()).isEqualTo(before);
  }

  private void awaitNoStream() throws InterruptedException {
    while (api.api().meters().get("espalier.http.streams").gauge().value() > 0) {
      Thread.sleep(20);
    }
  }

  private HttpResponse<Stream<String>> listen(String path) throws Exception {
    return api.client().send(api.request(path).build(), BodyHandlers.ofLines());
  }

  private static List<String> until(Iterator<String> lines, String wanted) {
    List<String> seen = new ArrayList<>();
    while (seen.isEmpty() || !seen.get(seen.size() - 1).equals(wanted)) {
      seen.add(lines.next());
    }
    return seen;
  }

  private void write(int count) throws IOException {
    Files.createDirectories(events.getParent());
    append("{\"type\":\"A\"}\n".repeat(count));
  }

  private void append(String text) throws IOException {
    Files.writeString(events, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
