package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.CommandRun;
import io.espalier.configs.file.EspalierHome;
import io.espalier.service.Scope;
import io.espalier.service.http.AccessTokens;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens with an end, an owner, a project, a scope and limits; limits of projects. */
final class TokenCommandsTest {
  @AfterEach
  void forget() throws Exception {
    for (String name : new String[] {"eve", "ci"}) {
      tokens().revoke(name);
    }
    for (String project : tokens().projects().keySet()) {
      CommandRun.of("serve", "project", "remove", project);
    }
  }

  private static AccessTokens tokens() throws Exception {
    return AccessTokens.open(EspalierHome.path().resolve("service"), InstantSource.system());
  }

  @Test
  void token_withAllItsTerms_isListedWithThem() throws Exception {
    // When
    CommandRun made =
        CommandRun.of(
            "serve",
            "token",
            "create",
            "eve",
            "--role",
            "operate",
            "--expires",
            "30d",
            "--owner",
            "ann",
            "--project",
            "vision",
            "--scope",
            "own",
            "--max-runs",
            "4",
            "--submissions-per-hour",
            "20",
            "--max-run-bytes",
            "50GB");
    CommandRun listed = CommandRun.of("serve", "token", "list");
    JsonNode json =
        new ObjectMapper().readTree(CommandRun.of("serve", "token", "list", "--json").out());

    // Then
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.err()).contains("lets eve operate until 20");
    assertThat(listed.out())
        .containsPattern("eve +operate +own +ann +vision +20.*Z \\(29d left\\) +4 runs, 20 an hour")
        .doesNotContain(made.out().strip());
    JsonNode eve = json.get(json.size() - 1);
    assertThat(eve.path("scope").asText()).isEqualTo("own");
    assertThat(eve.path("owner").asText()).isEqualTo("ann");
    assertThat(eve.at("/limits/max-run-bytes").asLong()).isEqualTo(50_000_000_000L);
    assertThat(Instant.parse(eve.path("expires").asText())).isAfter(Instant.now());
    assertThat(tokens().find(made.out().strip()).orElseThrow().scope()).isEqualTo(Scope.OWN);
  }

  @ParameterizedTest
  @CsvSource({"2999-12-31, 3000-01-01T00:00:00Z", "2999-12-31T10:00:00Z, 2999-12-31T10:00:00Z"})
  void end_ofADayOrAnInstant_isUnderstood(String text, Instant end) throws Exception {
    CommandRun.of("serve", "token", "create", "eve", "--expires", text);

    assertThat(tokens().list()).anyMatch(each -> each.expires().filter(end::equals).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "--expires, soon, expires=soon",
    "--expires, 2020-01-31, a token must end after now",
    "--expires, 0d, a token must end after now",
    "--scope, mine, mine",
    "--owner, a b, owner=a b",
    "--project, ../x, project=../x",
    "--max-runs, 0, max-runs=0",
    "--submissions-per-hour, 99999, submissions-per-hour=99999"
  })
  void term_thatIsNone_isRefusedWithItsRule(String option, String value, String rule) {
    CommandRun run = CommandRun.of("serve", "token", "create", "eve", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().replaceAll("\\s+", " ")).contains(rule);
  }

  @Test
  void token_isRenewedAndRotated() throws Exception {
    // Given
    String secret = CommandRun.of("serve", "token", "create", "ci", "--role", "operate").out();

    // When
    CommandRun renewed = CommandRun.of("serve", "token", "renew", "ci", "--expires", "7d");
    CommandRun rotated = CommandRun.of("serve", "token", "rotate", "ci");
    CommandRun unknown = CommandRun.of("serve", "token", "rotate", "cj");

    // Then
    assertThat(renewed.out()).matches("renewed ci, which ends: 20.*Z \\(6d left\\)\n");
    assertThat(rotated.out()).startsWith("espalier_").isNotEqualTo(secret);
    assertThat(tokens().find(secret.strip())).isEmpty();
    assertThat(tokens().find(rotated.out().strip())).isPresent();
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("name=cj", "did you mean ci?");
  }

  @Test
  void project_isLimitedListedAndFreed() {
    CommandRun none = CommandRun.of("serve", "project", "limit", "vision");
    CommandRun limited =
        CommandRun.of("serve", "project", "limit", "vision", "--max-trainers", "16");
    CommandRun listed = CommandRun.of("serve", "project", "list");
    CommandRun json = CommandRun.of("serve", "project", "list", "--json");
    CommandRun misspelt = CommandRun.of("serve", "project", "remove", "visoin");
    CommandRun removed = CommandRun.of("serve", "project", "remove", "vision");

    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("name=vision", "--max-runs");
    assertThat(limited.out()).isEqualTo("limited project vision: 16 trainers\n");
    assertThat(listed.out()).containsPattern("vision +16 trainers");
    assertThat(json.out()).contains("\"max-trainers\" : 16");
    assertThat(misspelt.err()).contains("did you mean vision?");
    assertThat(removed.exitCode()).isZero();
    assertThat(CommandRun.of("serve", "project", "list").err()).contains("no project has a limit");
  }
}
