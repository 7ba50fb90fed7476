package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.RunState;
import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
    api.runs().put("r1", RunState.RUNNING);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Basic b3BlcmF0b3I6eA==", "TOKEN"})
  void call_withoutAValidToken_isUnauthorized(String authorization) throws Exception {
    String header = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";

    String answer =
        api.raw(
            "GET /v1/runs/r1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + header
                + "\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .contains("WWW-Authenticate: Bearer", "application/problem+json", "serve token create");
  }

  @Test
  void token_thatMayRead_doesNotSteer() throws Exception {
    // When
    HttpResponse<String> look = asReader("GET", "/v1/runs/r1");
    HttpResponse<String> pause = asReader("POST", "/v1/runs/r1/pause");

    // Then
    assertThat(look.statusCode()).isEqualTo(200);
    assertThat(pause.statusCode()).isEqualTo(403);
    assertThat(json(pause).path("detail").asText()).contains("operate", "token=reader");
    assertThat(asReader("DELETE", "/v1/runs/r1").statusCode()).isEqualTo(403);
  }

  @Test
  void fileOfTokens_unreadable_letsNobodyIn() throws Exception {
    Files.delete(directory.resolve("service/tokens.json"));
    Files.createDirectory(directory.resolve("service/tokens.json"));

    HttpResponse<String> answer = api.get("/v1/runs/r1");
    while (answer.statusCode() == 200) {
      Thread.sleep(50);
      answer = api.get("/v1/runs/r1");
    }

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).doesNotContain(directory.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready", "/metrics", "/v1/openapi.json"})
  void address_forEveryone_needsNoToken(String path) throws Exception {
    assertThat(api.send(api.anonymous(path)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"GET,/v1/nothing", "GET,/v2/runs", "GET,/v1/runs/", "GET,//v1/runs", "GET,/nothing"})
  void address_unknown_isAProblem(String method, String path) throws Exception {
    HttpResponse<String> answer =
        api.send(api.request(path).method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("type").asText()).endsWith("no-such-resource");
  }

  @Test
  void method_unknown_namesThoseThatThereAre() throws Exception {
    HttpResponse<String> answer =
        api.send(api.request("/v1/runs/r1").method("PUT", BodyPublishers.ofString("x")));
    HttpResponse<String> options =
        api.send(api.anonymous("/v1/runs/r1").method("OPTIONS", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, OPTIONS");
    assertThat(json(answer).path("type").asText()).endsWith("method-not-allowed");
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, OPTIONS");
  }

  @Test
  void head_isGetWithoutBody() throws Exception {
    HttpResponse<String> answer =
        api.send(api.request("/v1/runs/r1").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void answer_inNoAcceptedType_isRefused() throws Exception {
    HttpResponse<String> refused =
        api.send(api.request("/v1/runs/r1").header("Accept", "text/html, application/*;q=0"));
    HttpResponse<String> taken =
        api.send(api.request("/v1/runs/r1").header("Accept", "text/html, */*;q=0.1"));

    assertThat(refused.statusCode()).isEqualTo(406);
    assertThat(json(refused).path("detail").asText()).contains("application/json");
    assertThat(taken.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/health", "/metrics", "/v1/openapi.json", "/v1/runs/r1", "/dashboard/", "/none"})
  void host_thatIsNotThisMachine_isRefusedEverywhere(String path) throws Exception {
    for (String method : List.of("GET", "POST", "DELETE")) {
      String answer =
          api.raw(
              "%s %s HTTP/1.1\r\nHost: evil.example:7070\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(method, path, api.manage()));

      assertThat(answer)
          .startsWith("HTTP/1.1 421")
          .contains("urn:espalier:problem:misdirected", "evil.example");
    }
    assertThat(api.get("/v1/runs/r1").statusCode()).isEqualTo(200);
  }

  @Test
  void token_required_isNeededByAllButHealthAndLinks() throws Exception {
    try (ApiFixture guarded =
        ApiFixture.start(
            directory.resolve("guarded"), settings -> settings.withRequiredToken(true))) {
      List<String> paths =
          List.of("/metrics", "/v1/openapi.json", "/dashboard/", "/dashboard/info", "/");
      for (String path : paths) {
        HttpResponse<String> nobody = guarded.send(guarded.anonymous(path));
        HttpResponse<String> caller =
            guarded.send(
                guarded.anonymous(path).header("Authorization", "Bearer " + guarded.read()));

        assertThat(nobody.statusCode()).as(path).isEqualTo(401);
        assertThat(nobody.body()).contains("Authorization: Bearer", "serve token create");
        assertThat(caller.statusCode()).as(path).isIn(200, 302);
      }
      assertThat(guarded.send(guarded.anonymous("/health")).statusCode()).isEqualTo(200);
      assertThat(guarded.send(guarded.anonymous("/ready")).statusCode()).isEqualTo(200);
      assertThat(guarded.send(guarded.anonymous("/v1/runs/r1/report/1-x")).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void token_required_isThePasswordOfABrowser_forThePageAlone() throws Exception {
    try (ApiFixture guarded =
        ApiFixture.start(
            directory.resolve("guarded"), settings -> settings.withRequiredToken(true))) {
      guarded.runs().put("r1", RunState.RUNNING);

      HttpResponse<String> asked = guarded.send(guarded.anonymous("/dashboard/"));
      HttpResponse<String> page = withPassword(guarded, "GET", "/dashboard/", guarded.read());
      HttpResponse<String> wrong = withPassword(guarded, "GET", "/dashboard/", "wrong");
      HttpResponse<String> run = withPassword(guarded, "GET", "/v1/runs/r1", guarded.manage());
      HttpResponse<String> pause =
          withPassword(guarded, "POST", "/v1/runs/r1/pause", guarded.manage());

      assertThat(asked.headers().allValues("WWW-Authenticate"))
          .anyMatch(each -> each.startsWith("Basic "))
          .anyMatch(each -> each.startsWith("Bearer "));
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(run.statusCode()).isEqualTo(401);
      assertThat(run.headers().allValues("WWW-Authenticate"))
          .noneMatch(each -> each.startsWith("Basic "));
      assertThat(pause.statusCode()).isEqualTo(401);
    }
  }

  private static HttpResponse<String> withPassword(
      ApiFixture api, String method, String path, String token) throws Exception {
    String credentials =
        Base64.getEncoder().encodeToString(("me:" + token).getBytes(StandardCharsets.UTF_8));
    return api.send(
        api.anonymous(path)
            .header("Authorization", "Basic " + credentials)
            .method(method, BodyPublishers.noBody()));
  }

  @Test
  void address_openToOthers_needsTls() {
    var everywhere = new InetSocketAddress("0.0.0.0", 7070);

    assertThatThrownBy(
            () ->
                new HttpSettings(
                    everywhere,
                    Optional.empty(),
                    HttpSettings.Limits.DEFAULT,
                    HttpSettings.Times.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--tls-certificate");
  }

  private HttpResponse<String> asReader(String method, String path) throws Exception {
    return api.send(
        api.anonymous(path)
            .header("Authorization", "Bearer " + api.read())
            .method(method, BodyPublishers.noBody()));
  }
}
