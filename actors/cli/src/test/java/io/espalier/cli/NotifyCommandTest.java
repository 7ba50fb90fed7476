package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.notice.WebhookReceiver;
import io.espalier.service.notice.WebhookReceiver.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyCommandTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;
  private WebhookReceiver ops;
  private WebhookReceiver team;
  private String file = "";

  @BeforeEach
  void start() throws IOException {
    ops = WebhookReceiver.start();
    team = WebhookReceiver.start();
    Files.writeString(directory.resolve("secret"), SECRET);
    file =
        Files.writeString(
                directory.resolve("notify.conf"),
                """
                destinations {
                  ops { kind = webhook, url = "%s", secret-file = secret, events = [failed] }
                  team { kind = webhook, url = "%s", secret-file = secret }
                }
                """
                    .formatted(ops.url(), team.url()))
            .toString();
  }

  @AfterEach
  void stop() {
    ops.close();
    team.close();
  }

  @Test
  void test_sendsToEachDestination_andPrintsWhatItAnswers() throws Exception {
    // Given
    team.answer(403);

    // When
    CommandRun run = CommandRun.of("serve", "notify", "test", "--notify", file);

    // Then
    Received received = ops.next();
    assertThat(received.isSignedWith(SECRET)).isTrue();
    assertThat(received.json().path("event").asText()).isEqualTo("test");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("ops +127.0.0.1 +delivered")
        .containsPattern("team +127.0.0.1 +failed: .*status=403");
    assertThat(run.out() + run.err()).doesNotContain(SECRET, "/hook");
  }

  @Test
  void test_ofOneDestination_leavesOthersAlone() {
    CommandRun run = CommandRun.of("serve", "notify", "test", "team", "--notify", file);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("team", "delivered");
    assertThat(team.requests()).isEqualTo(1);
    assertThat(ops.requests()).isZero();
  }

  @Test
  void test_ofAnUnknownDestination_isRefusedWithTheKnownOnes() {
    CommandRun run = CommandRun.of("serve", "notify", "test", "teams", "--notify", file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("name=teams", "ops, team", "did you mean team?");
  }

  @Test
  void test_withoutAFile_saysWhereItBelongs() {
    CommandRun run = CommandRun.of("serve", "notify", "test");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("notify.conf is not there", "docs/service.md", "--notify");
  }

  @Test
  void notify_alone_saysWhatThereIs() {
    CommandRun run = CommandRun.of("serve", "notify");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("test", "Sends a test");
  }
}
