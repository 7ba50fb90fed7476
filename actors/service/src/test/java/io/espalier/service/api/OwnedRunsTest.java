package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.Ownership;
import io.espalier.service.RunState;
import io.espalier.service.Scope;
import io.espalier.service.dashboard.Viewer;
import io.espalier.service.http.Role;
import io.espalier.service.http.TokenTerms;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers who see some of the runs: others do not exist for them. */
@Timeout(300)
final class OwnedRunsTest {
  private static final String OWN = "run-of-ann";
  private static final String FOREIGN = "run-of-bob";

  /** What an address is to a caller who sees some runs only. */
  private enum Kind {
    /** Answers of the caller's runs; another's is one that does not exist. */
    RUN,
    /** Answers what the caller's view has. */
    VIEW,
    /** Is refused, as it is about all runs. */
    WHOLE,
    /** Shows nothing of runs and data sets, or what the holder of a link may see. */
    OPEN
  }

  private static final Map<String, Kind> ROUTES =
      Stream.of(
              "POST /v1/runs VIEW",
              "GET /v1/runs VIEW",
              "GET /v1/runs/{run} RUN",
              "GET /v1/runs/{run}/history RUN",
              "POST /v1/runs/{run}/pause RUN",
              "POST /v1/runs/{run}/resume RUN",
              "POST /v1/runs/{run}/cancel RUN",
              "POST /v1/runs/{run}/checkpoint RUN",
              "DELETE /v1/runs/{run} RUN",
              "GET /v1/runs/{run}/log RUN",
              "GET /v1/runs/{run}/artifacts RUN",
              "GET /v1/runs/{run}/artifacts/{name} RUN",
              "GET /v1/runs/{run}/report RUN",
              "POST /v1/runs/{run}/report-link RUN",
              "GET /v1/runs/{run}/report/{link} OPEN",
              "GET /v1/runs/{run}/notes RUN",
              "PUT /v1/runs/{run}/notes RUN",
              "GET /v1/runs/{run}/events RUN",
              "GET /v1/data VIEW",
              "GET /v1/data/{name} VIEW",
              "PUT /v1/data/{name} VIEW",
              "DELETE /v1/data/{name} VIEW",
              "GET /v1/service OPEN",
              "GET /v1/recipes OPEN",
              "GET /v1/recipes/{name} OPEN",
              "GET /v1/openapi.json OPEN",
              "GET /v1/backup/journal WHOLE",
              "GET /health OPEN",
              "GET /ready OPEN",
              "GET /metrics WHOLE",
              "GET / OPEN",
              "GET /dashboard OPEN",
              "GET /dashboard/ OPEN",
              "GET /dashboard/assets/{name} OPEN",
              "GET /dashboard/assets/uplot/{name} OPEN",
              "GET /dashboard/assets/{folder}/{name} OPEN",
              "GET /dashboard/info OPEN",
              "GET /dashboard/live VIEW")
          .map(line -> line.split(" "))
          .collect(toMap(line -> line[0] + " " + line[1], line -> Kind.valueOf(line[2])));

  @TempDir private Path directory;
  private ApiFixture api;
  private String ann;
  private long published;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory, settings -> settings.withRequiredToken(true));
    ann = token("ann", "vision", Scope.OWN);
    api.runs().put(OWN, RunState.RUNNING, Ownership.of("ann", "vision"));
    api.runs().put(FOREIGN, RunState.RUNNING, Ownership.of("bob", "vision"));
    api.runs().put("old", RunState.FINISHED, Ownership.UNKNOWN);
    for (String run : new String[] {OWN, FOREIGN}) {
      Path files = Files.createDirectories(directory.resolve("runs").resolve(run));
      Files.writeString(files.resolve("run.log"), "said by " + run);
      Files.writeString(files.resolve("report.html"), "drawn by " + run);
      Files.writeString(files.resolve("events.jsonl"), "{}\n");
    }
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void everyRoute_hasADecisionAboutForeignRuns() {
    assertThat(api.api().endpoints())
        .extracting(each -> each.method().value() + " " + each.path())
        .containsExactlyInAnyOrderElementsOf(ROUTES.keySet());
  }

  @Test
  void foreignRun_atEveryRouteOfRuns_isOneThatDoesNotExist() throws Exception {
    for (String route : routes(Kind.RUN)) {
      HttpResponse<String> foreign = sendTo(route, FOREIGN, ann);
      HttpResponse<String> none = sendTo(route, "run-of-xyz", ann);

      assertThat(foreign.statusCode()).as(route).isEqualTo(404);
      assertThat(foreign.body()).as(route).isEqualTo(none.body().replace("run-of-xyz", FOREIGN));
      assertThat(json(foreign).path("type").asText()).as(route).endsWith("no-such-run");
    }
    assertThat(json(api.get("/v1/runs/" + FOREIGN)).path("state").asText()).isEqualTo("running");
  }

  @Test
  void ownRun_atEveryRouteOfRuns_isAnswered() throws Exception {
    for (String route : routes(Kind.RUN)) {
      api.runs().put(OWN, RunState.RUNNING, Ownership.of("ann", "vision"));

      HttpResponse<String> answer =
          sendTo(route.endsWith("/events") ? route + "?follow=false" : route, OWN, ann);

      assertThat(answer.statusCode()).as(route).isNotIn(401, 403, 404, 500);
    }
  }

  @Test
  void routesOfTheWholeService_needATokenThatSeesAll() throws Exception {
    for (String route : routes(Kind.WHOLE)) {
      HttpResponse<String> answer = sendTo(route, OWN, ann);

      assertThat(answer.statusCode()).as(route).isEqualTo(403);
      assertThat(json(answer).path("detail").asText()).contains("scope all", "token=ann");
      assertThat(sendTo(route, OWN, api.manage()).statusCode()).as(route).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ann,vision,OWN,run-of-ann",
    "ann,other,OWN,run-of-ann",
    "cid,vision,PROJECT,run-of-ann run-of-bob",
    "cid,default,PROJECT,old",
    "cid,vision,OWN,''",
    "cid,vision,ALL,run-of-ann run-of-bob old"
  })
  void list_hasTheRunsOfTheScope(String owner, String project, Scope scope, String expected)
      throws Exception {
    String token =
        api.tokens().create("another", TokenTerms.of(Role.READ).of(owner, project).within(scope));

    JsonNode page = json(api.send("GET", "/v1/runs?limit=2", token));

    assertThat(page.path("total").asInt())
        .isEqualTo(expected.isEmpty() ? 0 : expected.split(" ").length);
    assertThat(expected.split(" ")).containsAll(page.path("runs").findValuesAsText("run"));
  }

  @Test
  void list_filtersByOwnerAndProject_withinTheView() throws Exception {
    JsonNode ofBob = json(api.get("/v1/runs?owner=bob"));
    JsonNode unknown = json(api.get("/v1/runs?project=default"));
    JsonNode hidden = json(api.send("GET", "/v1/runs?owner=bob", ann));

    assertThat(ofBob.path("runs").findValuesAsText("run")).containsExactly(FOREIGN);
    assertThat(ofBob.at("/runs/0/owner").asText()).isEqualTo("bob");
    assertThat(ofBob.at("/runs/0/project").asText()).isEqualTo("vision");
    assertThat(unknown.path("runs").findValuesAsText("run")).containsExactly("old");
    assertThat(unknown.at("/runs/0").has("owner")).isFalse();
    assertThat(hidden.path("total").asInt()).isZero();
  }

  @Test
  void submission_belongsToTheTokensOwnerAndProject() throws Exception {
    HttpResponse<String> made =
        api.send(
            api.anonymous("/v1/runs")
                .header("Authorization", "Bearer " + ann)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"recipe\":\"digits\"}")));

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(json(made).path("owner").asText()).isEqualTo("ann");
    assertThat(json(made).path("project").asText()).isEqualTo("vision");
    assertThat(sendTo("GET /v1/runs/{run}", json(made).path("run").asText(), ann).statusCode())
        .isEqualTo(200);
  }

  @Test
  void waitingRun_doesNotNameTheOneBeforeIt() throws Exception {
    var waiting = api.runs().put("waiting", RunState.QUEUED, Ownership.of("ann", "vision"));
    api.runs()
        .set(
            waiting.waitingFor(
                Optional.of("waits for 1 trainer: 0 of 2 free; before it: run-of-bob and 2 more")));

    String status = api.send("GET", "/v1/runs/waiting", ann).body();
    String listed = api.send("GET", "/v1/runs", ann).body();

    assertThat(status + listed)
        .contains("before it: another run and 2 more")
        .doesNotContain(FOREIGN);
    assertThat(api.get("/v1/runs/waiting").body()).contains(FOREIGN);
  }

  @Test
  void link_ofAReport_isMadeForOwnRunsOnly_andOpensForItsHolder() throws Exception {
    JsonNode link = json(sendTo("POST /v1/runs/{run}/report-link", OWN, ann));

    HttpResponse<String> opened = api.send(api.anonymous(link.path("url").asText()));
    HttpResponse<String> forged =
        api.send(api.anonymous(link.path("url").asText().replace(OWN, FOREIGN)));

    assertThat(opened.body()).isEqualTo("drawn by " + OWN);
    assertThat(forged.statusCode()).isEqualTo(404);
  }

  @Test
  void dashboard_showsOwnRunsOnly_alsoThoseThatComeLater() throws Exception {
    publish(OWN);
    publish(FOREIGN);
    write(api.operate(), FOREIGN, "foreign note");
    write(ann, OWN, "own note");
    StringBuilder all = new StringBuilder();
    try (Viewer viewer =
        Viewer.open(
            api.client(),
            URI.create("http://127.0.0.1:" + api.api().address().getPort()),
            Optional.of(ann),
            "runs",
            "service",
            "notes",
            "system",
            "run:" + OWN,
            "run:" + FOREIGN,
            "run:later")) {
      // When
      await(viewer, all, OWN);
      api.runs().put("later", RunState.RUNNING, Ownership.of("ann", "vision"));
      publish("later");
      publish(FOREIGN);
      Map<String, String> later = await(viewer, all, "later");

      // Then
      assertThat(later).containsEntry("runs", "change").containsEntry("run:later", "snapshot");
      assertThat(all.toString())
          .contains("own note", "\"type\":\"absent\",\"subject\":\"run:" + FOREIGN, "scope all")
          .doesNotContain("foreign note")
          .doesNotContain("\"" + FOREIGN + "\"");
    }
  }

  @Test
  void dataSets_ofOthers_doNotExist() throws Exception {
    // Given
    String bob = token("bob", "vision", Scope.OWN);
    String cid = token("cid", "vision", Scope.PROJECT);
    assertThat(upload("bobs.csv", "1,2", bob).statusCode()).isEqualTo(201);
    assertThat(upload("anns.csv", "3,4", ann).statusCode()).isEqualTo(201);

    // When
    HttpResponse<String> list = api.send("GET", "/v1/data", ann);
    HttpResponse<String> get = api.send("GET", "/v1/data/bobs.csv", ann);
    HttpResponse<String> delete = api.send("DELETE", "/v1/data/bobs.csv", ann);
    HttpResponse<String> taken = upload("bobs.csv", "5,6", ann);
    HttpResponse<String> same = upload("bobs.csv", "1,2", ann);

    // Then
    assertThat(json(list).findValuesAsText("name")).containsExactly("anns.csv");
    assertThat(json(list).at("/0/owner").asText()).isEqualTo("ann");
    assertThat(get.statusCode()).isEqualTo(404);
    assertThat(delete.statusCode()).isEqualTo(404);
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(taken.body()).doesNotContain("sha256", "uploaded");
    assertThat(same.statusCode()).isEqualTo(409);
    assertThat(json(api.send("GET", "/v1/data", cid)).size()).isEqualTo(2);
    assertThat(json(api.send("GET", "/v1/data", api.read())).size()).isEqualTo(2);
    assertThat(api.send("DELETE", "/v1/data/bobs.csv", bob).statusCode()).isEqualTo(204);
  }

  @Test
  void dataSet_inUseByAnotherOwnersRun_isNotDeleted_andTheRunNotNamed() throws Exception {
    upload("anns.csv", "3,4", ann);
    api.runs().use(directory.resolve("data/anns.csv").toRealPath(), FOREIGN);

    HttpResponse<String> refused = api.send("DELETE", "/v1/data/anns.csv", ann);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("a run of another owner").doesNotContain(FOREIGN);
  }

  private String token(String owner, String project, Scope scope) throws Exception {
    return api.tokens().create(owner, TokenTerms.of(Role.MANAGE).of(owner, project).within(scope));
  }

  private static Iterable<String> routes(Kind kind) {
    return ROUTES.entrySet().stream()
        .filter(each -> each.getValue() == kind)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private HttpResponse<String> sendTo(String route, String run, String token) throws Exception {
    String path =
        route.substring(route.indexOf(' ') + 1).replace("{run}", run).replace("{name}", "run.log");
    return api.send(route.substring(0, route.indexOf(' ')), path, token);
  }

  private HttpResponse<String> upload(String name, String text, String token) throws Exception {
    return api.send(
        api.anonymous("/v1/data/" + name)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofString(text)));
  }

  private void write(String token, String run, String note) throws Exception {
    api.send(
        api.anonymous("/v1/runs/" + run + "/notes")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"note\":\"" + note + "\"}")));
  }

  private void publish(String run) {
    long sequence = ++published;
    api.feed()
        .model()
        .take(
            Envelope.of(
                new RunId(run),
                sequence,
                1,
                Instant.now(),
                new RunStarted(run, 1, 2, 100, 10, 1_000, 100, 0.9)));
  }

  /** Types of the first messages with the row of a run, and with its document, by subject. */
  private static Map<String, String> await(Viewer viewer, StringBuilder all, String run)
      throws Exception {
    Map<String, String> found = new HashMap<>();
    viewer.await(
        message -> {
          all.append(message).append('\n');
          if (hasParts(message, "runs", run) || hasParts(message, "run:" + run, "")) {
            found.putIfAbsent(message.path("subject").asText(), message.path("type").asText());
          }
          return found.size() == 2;
        });
    return found;
  }

  private static boolean hasParts(JsonNode message, String subject, String part) {
    return message.path("subject").asText().equals(subject)
        && (part.isEmpty() ? message.has("parts") : message.path("parts").has(part));
  }
}
