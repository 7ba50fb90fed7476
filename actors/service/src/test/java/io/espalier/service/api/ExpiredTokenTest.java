package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.dashboard.Viewer;
import io.espalier.service.http.Role;
import io.espalier.service.http.TokenTerms;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ExpiredTokenTest {
  private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

  @TempDir private Path directory;
  private ApiFixture api;
  private volatile Instant now = BEGIN;
  private String token;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory, () -> now);
    api.runs().put("r1", RunState.RUNNING);
    token =
        api.tokens()
            .create("ci", TokenTerms.of(Role.OPERATE).expiring(BEGIN.plus(Duration.ofDays(30))));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void token_untilItsEnd_isValid_thenItIsExpired() throws Exception {
    // When
    now = BEGIN.plus(Duration.ofDays(30)).minusNanos(1);
    HttpResponse<String> before = api.send("GET", "/v1/runs/r1", token);
    now = BEGIN.plus(Duration.ofDays(30));
    HttpResponse<String> after = api.send("GET", "/v1/runs/r1", token);
    HttpResponse<String> pause = api.send("POST", "/v1/runs/r1/pause", token);

    // Then
    assertThat(before.statusCode()).isEqualTo(200);
    assertThat(after.statusCode()).isEqualTo(401);
    assertThat(pause.statusCode()).isEqualTo(401);
    assertThat(json(after).path("type").asText()).isEqualTo("urn:espalier:problem:token-expired");
    assertThat(json(after).path("detail").asText())
        .contains("token=ci", "expired=2027-01-31T00:00:00Z", "serve token renew ci")
        .doesNotContain(token);
    assertThat(after.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(
            header -> assertThat(header).contains("Bearer", "invalid_token", "has expired"));
  }

  @Test
  void guesser_doesNotLearnThatATokenHasExpired() throws Exception {
    now = BEGIN.plus(Duration.ofDays(31));

    HttpResponse<String> guess = api.send("GET", "/v1/runs/r1", "espalier_guess");

    assertThat(guess.statusCode()).isEqualTo(401);
    assertThat(json(guess).path("type").asText()).endsWith("unauthorized");
    assertThat(guess.body()).doesNotContain("expired", "token=ci");
    assertThat(guess.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"espalier\"");
  }

  @Test
  void token_renewed_isValidAgain() throws Exception {
    now = BEGIN.plus(Duration.ofDays(31));
    api.tokens().renew("ci", Optional.of(now.plus(Duration.ofDays(1))));

    assertThat(eventually(token, 200)).isEqualTo(200);
  }

  @Test
  void token_rotated_isRefused_andItsSuccessorHasItsRights() throws Exception {
    String next = api.tokens().rotate("ci").orElseThrow();

    assertThat(eventually(token, 401)).isEqualTo(401);
    assertThat(api.send("POST", "/v1/runs/r1/pause", next).statusCode()).isEqualTo(202);
  }

  @Test
  void streams_ofATokenThatExpires_end() throws Exception {
    HttpResponse<InputStream> events =
        api.client()
            .send(
                api.anonymous("/v1/runs/r1/events")
                    .header("Authorization", "Bearer " + token)
                    .build(),
                BodyHandlers.ofInputStream());
    try (Viewer viewer = viewer(token);
        Viewer other = viewer(api.read());
        var lines =
            new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      // Given
      assertThat(lines.readLine()).startsWith("retry:");
      viewer.awaitDocument();

      // When
      now = BEGIN.plus(Duration.ofDays(30));

      // Then
      while (lines.readLine() != null) {
        assertThat(events.statusCode()).isEqualTo(200);
      }
      while (viewer.next().isPresent()) {
        assertThat(viewer.answer().statusCode()).isEqualTo(200);
      }
      other.await(message -> message.path("type").asText().equals("status"));
    }
  }

  @Test
  void streams_ofATokenThatIsRevoked_end() throws Exception {
    try (Viewer viewer = viewer(token)) {
      viewer.awaitDocument();

      api.tokens().revoke("ci");

      while (viewer.next().isPresent()) {
        assertThat(viewer.answer().statusCode()).isEqualTo(200);
      }
    }
  }

  private int eventually(String secret, int status) throws Exception {
    int found = api.send("GET", "/v1/runs/r1", secret).statusCode();
    while (found != status) {
      found = api.send("GET", "/v1/runs/r1", secret).statusCode();
    }
    return found;
  }

  private Viewer viewer(String secret) throws Exception {
    return Viewer.open(
        api.client(),
        URI.create("http://127.0.0.1:" + api.api().address().getPort()),
        Optional.of(secret),
        "service");
  }
}
