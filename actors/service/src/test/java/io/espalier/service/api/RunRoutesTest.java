package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.recipe.Recipes;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunState;
import io.espalier.service.Submission;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunRoutesTest {
  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void submission_ofAShippedRecipe_isCreatedWithItsAddress() throws Exception {
    // When
    HttpResponse<String> answer =
        api.submit(
            "{\"recipe\":\"digits\",\"overrides\":[\"seed=7\"],\"priority\":5,\"memoryMb\":64}");

    // Then
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).contains("/v1/runs/r1");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(api.runs().submissions())
        .containsExactly(
            new Submission(
                Recipes.text("digits").orElseThrow(),
                "digits.conf",
                List.of("seed=7"),
                5,
                OptionalInt.of(64),
                Optional.empty()));
    JsonNode status = json(answer);
    assertThat(status.path("state").asText()).isEqualTo("queued");
    assertThat(status.path("kind").asText()).isEqualTo("training");
    assertThat(status.path("submitted").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(status.path("waitsFor").asText()).contains("cores");
    assertThat(status.has("cause")).isFalse();
    assertThat(status.path("links").path("events").asText()).isEqualTo("/v1/runs/r1/events");
  }

  @Test
  void submission_repeatedWithItsKey_isTheSameRun() throws Exception {
    // Given
    var request =
        api.request("/v1/runs")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "nightly-1")
            .POST(BodyPublishers.ofString("{\"recipe\":\"digits\"}"));
    HttpResponse<String> first = api.send(request);

    // When
    HttpResponse<String> second = api.send(request);

    // Then
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(api.runs().submissions()).hasSize(1);
  }

  @Test
  void recipe_withBrokenRules_isRefusedWithEachAndItsLine() throws Exception {
    // When
    HttpResponse<String> answer =
        api.submit(
            "{\"recipeText\":\"name = x\\ndata { kind = digits }\\nmodel { kind = lenet-5 }\\ntrain { epochs = -1 }\\nprunee = 3\",\"origin\":\"mine.conf\"}");

    // Then
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.path("type").asText()).isEqualTo("urn:espalier:problem:invalid-recipe");
    assertThat(problem.path("problems").findValuesAsText("path"))
        .contains("train.epochs", "prunee");
    assertThat(problem.path("problems").findValuesAsText("line")).contains("4", "5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"recip\":\"digits\"}|400|did you mean recipe?",
        "{\"recipe\":\"digits\",\"recipe\":\"digits\"}|400|Duplicate",
        "{\"recipe\":\"digits\"} {}|400|valid JSON",
        "{\"recipe\":\"digits\"|400|valid JSON",
        "[]|400|found=array",
        "{}|400|fields=none",
        "{\"recipe\":\"digits\",\"recipeText\":\"\"}|400|fields=both",
        "{\"recipe\":7}|400|found=number",
        "{\"recipe\":\"digits\",\"priority\":1.5}|400|whole number",
        "{\"recipe\":\"digits\",\"priority\":1000}|422|-100 to 100",
        "{\"recipe\":\"digits\",\"overrides\":\"seed=1\"}|400|list of texts",
        "{\"recipe\":\"digit\"}|422|did you mean digits?",
        "{\"recipe\":\"../../../etc/passwd\"}|422|shipped name",
        "{\"recipeText\":\"x=1\",\"origin\":\"../../x\"}|400|file name",
      })
  void body_thatBreaksARule_isRefusedByName(String body, int status, String detail)
      throws Exception {
    HttpResponse<String> answer = api.submit(body);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("detail").asText()).contains(detail);
    assertThat(answer.body()).doesNotContain("Exception", "io.espalier", directory.toString());
  }

  @Test
  void body_thatIsNoJson_isUnsupported() throws Exception {
    HttpResponse<String> answer =
        api.send(
            api.request("/v1/runs")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("name = x")));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(json(answer).path("detail").asText()).contains("text/plain");
  }

  @Test
  void runs_inPages_areAllListedOnce() throws Exception {
    // Given
    for (int i = 1; i <= 5; i++) {
      api.runs().put("r" + i, i == 3 ? RunState.FINISHED : RunState.RUNNING);
    }

    // When
    JsonNode first = json(api.get("/v1/runs?limit=3"));
    JsonNode second = json(api.get("/v1/runs?limit=3&after=" + first.path("next").asText()));

    // Then
    assertThat(first.path("total").asInt()).isEqualTo(5);
    assertThat(first.path("runs").findValuesAsText("run")).containsExactly("r1", "r2", "r3");
    assertThat(second.path("runs").findValuesAsText("run")).containsExactly("r4", "r5");
    assertThat(second.has("next")).isFalse();
    for (String state : List.of("finished", "completed")) {
      JsonNode found = json(api.get("/v1/runs?state=" + state + ",failed&name=R3"));
      assertThat(found.path("total").asInt()).isEqualTo(1);
      assertThat(found.at("/runs/0/state").asText()).isEqualTo("finished");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,1 to 500",
    "limit=501,1 to 500",
    "limit=ten,whole number",
    "limit=99999999999999999999,whole number",
    "state=runing,did you mean running?",
    "state=,must be one of",
    "after=../x,id of a run",
    "limt=3,did you mean limit?",
    "limit=3&limit=4,at most once",
    "access_token=x,must be one of",
    "name=%zz,query",
  })
  void query_thatBreaksARule_isRefused(String query, String detail) throws Exception {
    String answer =
        api.raw(
            "GET /v1/runs?%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(query, api.operate()));

    assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    assertThat(answer)
        .containsIgnoringCase(
            detail.equals("query") ? "illegal" : detail.replace("1 to 500", "from 1 to 500"));
  }

  @Test
  void run_isSteered_andAnswersWithItsState() throws Exception {
    // Given
    api.runs().put("r1", RunState.RUNNING);

    // When
    HttpResponse<String> checkpointed = api.post("/v1/runs/r1/checkpoint");
    HttpResponse<String> paused = api.post("/v1/runs/r1/pause");
    HttpResponse<String> again = api.post("/v1/runs/r1/pause");

    // Then
    assertThat(checkpointed.statusCode()).isEqualTo(202);
    assertThat(json(paused).path("state").asText()).isEqualTo("pausing");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(json(again).path("type").asText()).endsWith("not-in-this-state");
    assertThat(json(api.get("/v1/runs/r1")).path("state").asText()).isEqualTo("pausing");
    assertThat(json(api.get("/v1/runs/r1/history")).get(0).path("event").asText())
        .isEqualTo("submitted");
  }

  @Test
  void run_deleted_isGone() throws Exception {
    api.runs().put("r1", RunState.FINISHED);

    HttpResponse<String> deleted = api.send(api.request("/v1/runs/r1").DELETE());
    HttpResponse<String> gone = api.get("/v1/runs/r1");

    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(json(gone).path("type").asText()).isEqualTo("urn:espalier:problem:no-such-run");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void refusal_ofTheService_isAProblemOfItsKind(Reason reason) throws Exception {
    api.runs().failWith(new RefusedRequestException(reason, "rule: name=value"));

    HttpResponse<String> answer = api.get("/v1/runs/r1");

    assertThat(answer.statusCode())
        .isEqualTo(
            switch (reason) {
              case NO_SUCH_RUN, NO_SUCH_DATA -> 404;
              case TOO_SLOW -> 408;
              case NOT_IN_THIS_STATE, KEY_IN_USE, DATA_IN_USE, DATA_EXISTS -> 409;
              case TOO_LARGE -> 413;
              case INVALID_DATA -> 422;
              case FULL, QUOTA_FULL -> 429;
              case UNAVAILABLE -> 503;
              case NO_ROOM -> 507;
            });
    assertThat(json(answer).path("detail").asText()).isEqualTo("rule: name=value");
    assertThat(answer.headers().firstValue("Retry-After").isPresent())
        .isEqualTo(reason == Reason.FULL || reason == Reason.UNAVAILABLE);
  }

  @Test
  void failure_ofTheService_revealsNothingOfItsInside() throws Exception {
    api.runs().failWith(new IllegalStateException("secret /home/somebody/file"));

    HttpResponse<String> answer = api.get("/v1/runs/r1");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret", "/home", "Exception", "\tat ");
  }
}
