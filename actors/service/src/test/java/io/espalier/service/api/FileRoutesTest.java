package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileRoutesTest {
  @TempDir private Path directory;
  private ApiFixture api;
  private Path run;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
    api.runs().put("r1", RunState.FINISHED);
    run = api.runs().directory("r1");
    Files.createDirectories(run);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void artifact_isSentWhole_orInPart() throws Exception {
    // Given
    byte[] model = new byte[300_000];
    new SplittableRandom(3).nextBytes(model);
    Files.write(run.resolve("model.safetensors"), model);

    // When
    HttpResponse<byte[]> whole = bytes("bytes=x");
    HttpResponse<byte[]> part = bytes("bytes=100000-199999");
    HttpResponse<byte[]> last = bytes("bytes=-5");

    // Then
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("Content-Length")).contains("300000");
    assertThat(whole.body()).isEqualTo(model);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 100000-199999/300000");
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(model, 100_000, 200_000));
    assertThat(last.body()).hasSize(5);
    assertThat(bytes("bytes=300000-").statusCode()).isEqualTo(416);
  }

  @Test
  void artifact_withItsDigest_isThatOfTheWhole_alsoWithARange() throws Exception {
    Files.writeString(run.resolve("summary.json"), "{}");
    String path = "/v1/runs/r1/artifacts/summary.json";

    var part =
        api.send(
            api.request(path).header("Range", "bytes=1-").header("Want-Repr-Digest", "sha-256=1"));

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Repr-Digest"))
        .contains("sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:");
    assertThat(api.get(path).headers().firstValue("Repr-Digest")).isEmpty();
  }

  @Test
  void reportLink_opensOneReportWithoutAToken() throws Exception {
    // Given
    Files.writeString(run.resolve("report.html"), "<p>result</p>");
    api.runs().put("r2", RunState.FINISHED);
    String url = ApiFixture.json(api.post("/v1/runs/r1/report-link")).path("url").asText();

    // When
    HttpResponse<String> linked = api.send(api.anonymous(url));

    // Then
    assertThat(linked.statusCode()).isEqualTo(200);
    assertThat(linked.body()).isEqualTo("<p>result</p>");
    assertThat(linked.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(api.send(api.anonymous(url.replace("/r1/", "/r2/"))).statusCode()).isEqualTo(404);
    assertThat(api.send(api.anonymous(url + "x")).statusCode()).isEqualTo(404);
    assertThat(api.send(api.anonymous("/v1/runs/r1/report")).statusCode()).isEqualTo(401);
    assertThat(
            api.send(
                    api.anonymous("/v1/runs/r1/report-link")
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void artifact_unchanged_isNotSentAgain() throws Exception {
    Files.writeString(run.resolve("summary.json"), "{}");
    String tag =
        api.get("/v1/runs/r1/artifacts/summary.json").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again =
        api.send(api.request("/v1/runs/r1/artifacts/summary.json").header("If-None-Match", tag));

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void artifact_ofAnotherVersionOrInSeveralRanges_isSentWhole() throws Exception {
    // Given
    String path = "/v1/runs/r1/artifacts/summary.json";
    Files.writeString(run.resolve("summary.json"), "{\"a\":1}");
    String tag = api.get(path).headers().firstValue("ETag").orElseThrow();

    // When
    var several = api.send(api.request(path).header("Range", "bytes=0-1,3-4"));
    var same = api.send(api.request(path).header("Range", "bytes=0-1").header("If-Range", tag));
    var other =
        api.send(api.request(path).header("Range", "bytes=0-1").header("If-Range", "\"other\""));
    var matched = api.send(api.request(path).header("If-Match", "\"other\""));

    // Then
    assertThat(same.statusCode()).isEqualTo(206);
    assertThat(same.body()).isEqualTo("{\"");
    assertThat(same.headers().firstValue("Content-Security-Policy")).isPresent();
    for (HttpResponse<String> whole : List.of(several, other, matched)) {
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.body()).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void artifacts_areThoseThatThereAre_andNothingElse() throws Exception {
    Files.writeString(run.resolve("summary.json"), "{}");
    Files.writeString(run.resolve("term"), "3");
    Files.createDirectory(run.resolve("model.safetensors"));
    Files.createSymbolicLink(run.resolve("recipe.conf"), Path.of("/etc/passwd"));

    assertThat(api.get("/v1/runs/r1/artifacts").body())
        .isEqualTo("[{\"name\":\"summary.json\",\"bytes\":2}]");
    assertThat(api.get("/v1/runs/r1/artifacts/recipe.conf").statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/runs/r1/artifacts/model.safetensors").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/runs/r1/artifacts/term",
        "/v1/runs/r1/artifacts/..%2Fr2%2Fsummary.json",
        "/v1/runs/r1/artifacts/../summary.json",
        "/v1/runs/../artifacts/summary.json",
        "/v1/runs/..%2f..%2fservice/artifacts/summary.json",
        "/v1/runs/%2e%2e/artifacts/summary.json",
        "/v1/runs/./artifacts/summary.json",
        "/v1/runs/r1%00/artifacts/summary.json",
        "/v1/runs/r1%0a/log",
        "/v1/runs/r1%5c..%5c/log",
        "/v1/runs/r1//artifacts/summary.json",
        "/v1/recipes/..%2f..%2fetc%2fpasswd",
        "/v1/runs/%E2%80%AE/log",
      })
  void path_outOfTheRun_leadsNowhere(String path) throws Exception {
    Files.writeString(run.resolve("summary.json"), "{}");

    String answer =
        api.raw(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, api.operate()));

    assertThat(answer).startsWith("HTTP/1.1 404").contains("application/problem+json");
    assertThat(answer).doesNotContain(directory.toString(), "root:");
  }

  @Test
  void run_ofAVeryLongName_isRefused() throws Exception {
    HttpResponse<String> answer = api.get("/v1/runs/" + "r".repeat(3000) + "/log");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body().length()).isLessThan(1000);
  }

  @ParameterizedTest
  @CsvSource({"0,''", "1,c", "2,b|c", "3,|b|c", "4,a||b|c", "9,a||b|c"})
  void log_isSentFromItsEnd(int lines, String expected) throws Exception {
    Files.writeString(run.resolve("run.log"), "a\n\nb\nc\n");

    HttpResponse<String> answer = api.get("/v1/runs/r1/log?tail=" + lines);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().strip().isEmpty() ? answer.body() : answer.body().stripTrailing())
        .isEqualTo(expected.replace('|', '\n'));
  }

  @Test
  void log_ofManyLines_isSentFromItsEnd() throws Exception {
    var text = new StringBuilder();
    for (int i = 1; i <= 100_000; i++) {
      text.append("line ").append(i).append('\n');
    }
    Files.writeString(run.resolve("run.log"), text);

    assertThat(api.get("/v1/runs/r1/log?tail=20000").body().lines())
        .hasSize(20_000)
        .first()
        .isEqualTo("line 80001");
    assertThat(api.get("/v1/runs/r1/log").body()).isEqualTo(text.toString());
  }

  @Test
  void log_notYetWritten_isEmpty() throws Exception {
    HttpResponse<String> answer = api.get("/v1/runs/r1/log?tail=10");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(api.get("/v1/runs/none/log").statusCode()).isEqualTo(404);
  }

  @Test
  void report_mayDrawItselfAndNothingElse() throws Exception {
    Files.writeString(run.resolve("report.html"), "<!doctype html>");

    HttpResponse<String> answer = api.get("/v1/runs/r1/report");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "sandbox allow-scripts");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
  }

  @Test
  void report_notYetWritten_isAProblem() throws Exception {
    HttpResponse<String> answer = api.get("/v1/runs/r1/report");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("detail").asText()).contains("name=report.html");
  }

  private HttpResponse<byte[]> bytes(String range) throws Exception {
    return api.client()
        .send(
            api.request("/v1/runs/r1/artifacts/model.safetensors").header("Range", range).build(),
            BodyHandlers.ofByteArray());
  }
}
