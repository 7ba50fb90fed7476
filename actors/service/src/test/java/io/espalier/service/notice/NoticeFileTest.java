package io.espalier.service.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.notice.NoticeSettings.Destination;
import io.espalier.service.notice.NoticeSettings.Mail;
import io.espalier.service.notice.NoticeSettings.Security;
import io.espalier.service.notice.NoticeSettings.Webhook;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoticeFileTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  @BeforeEach
  void secrets() throws IOException {
    Files.writeString(directory.resolve("ops.secret"), SECRET + "\n");
    Files.writeString(directory.resolve("short.secret"), "hunter2\n");
    Files.writeString(directory.resolve("two.secret"), "a\nb\n");
    Files.writeString(directory.resolve("none.pem"), "no certificate");
  }

  @Test
  void file_ofTheDocumentation_isRead() throws IOException {
    // Given
    String example =
        Files.readString(Path.of("../../docs/service.md"))
            .replaceAll("(?s).*```hocon\n(# service/notify.conf\n.*?)```.*", "$1");
    Files.writeString(directory.resolve("smtp.secret"), "hunter2\n");

    // When
    NoticeSettings settings = NoticeFile.read(written(example));

    // Then
    assertThat(settings.names()).containsExactlyInAnyOrder("ops", "team");
    assertThat(settings.publicUrl()).hasValue(URI.create("https://espalier.example.org:7070"));
    assertThat(settings.takers(NoticeEvent.ALERT)).containsExactly("ops");
    assertThat(settings.takers(NoticeEvent.FINISHED)).containsExactly("team");
    Webhook webhook = (Webhook) named(settings, "ops").kind();
    assertThat(webhook.secret().read()).isEqualTo(SECRET);
    Mail mail = (Mail) named(settings, "team").kind();
    assertThat(mail.security()).isEqualTo(Security.STARTTLS);
    assertThat(mail.port()).isEqualTo(587);
    assertThat(mail.to()).containsExactly("ann@example.org", "bob@example.org");
    assertThat(mail.login().orElseThrow().password().read()).isEqualTo("hunter2");
    assertThat(settings.toString()).doesNotContain(SECRET, "hunter2", "/hooks/");
  }

  @Test
  void presets_areAllEventsOfRuns_andTheDocumentedRetries() throws IOException {
    NoticeSettings settings =
        NoticeFile.read(
            written(
                "destinations.a { kind = mail, host = mx, security = tls, from = \"a@b.org\", to = [\"c@d.org\"] }\nretry.first = 5s"));

    assertThat(settings.destinations().get(0).events())
        .containsExactlyInAnyOrderElementsOf(NoticeEvent.OF_RUNS);
    assertThat(((Mail) settings.destinations().get(0).kind()).port()).isEqualTo(465);
    assertThat(settings.retry())
        .isEqualTo(
            new NoticeSettings.Retry(
                Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofDays(1), 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url = \"ftp://h/x\"| url: must be an address with a host | url=ftp://h/… | write https://HOST/PATH",
        "url = \"https:///x\"| url: must be an address | url=https:///… | write https",
        "url = \"https://u:hunter2@h.org/x\"| neither user nor fragment | url=https://h.org/… | write https",
        "url = \"http://h.invalid/hunter2\"| must not travel in the clear | url=http://h.invalid/… | plaintext = true",
        "url = seven| url: must be an address | url=seven | write https",
        "url = [hunter2]| url: must be a text | url | text",
        "secret-file = nowhere| secret-file: must be a file that can be read | nowhere | make it readable",
        "secret-file = short.secret| secret of 16 characters or more | short.secret | openssl rand -hex 32",
        "secret-file = two.secret| one line of 1 to 4096 printable | two.secret | correct secret-file",
        "secret = hunter2| secret: must be a key that is known: key=secret | known: | did you mean",
        "events = []| events: must be a list of one or more | events=[] | finished, failed",
        "events = [ended]| events: must be | events=ended | finished, failed",
        "ca-file = none.pem| ca-file: a CA file must hold certificates | none.pem | leave ca-file away",
        "kind = pigeon| kind: must be webhook or mail | kind=pigeon | webhook",
      })
  void webhook_thatCannotBe_isRefusedWithRuleValueAndWayOut(
      String line, String rule, String value, String wayOut) throws IOException {
    String message =
        refusal(
            "destinations.ops { kind = webhook, url = \"https://h.org/x\", secret-file = ops.secret, %s }"
                .formatted(line));

    assertThat(message).contains("destinations.ops.", rule, value, wayOut);
    assertThat(message).doesNotContain("hunter2", SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host = \"a b\"| host: must be the name or address of an SMTP server: host=a b",
        "port = 0| port: must be 1 to 65535: port=0",
        "port = smtp| port: must be a whole number",
        "security = ssl| security: must be starttls, tls or none: security=ssl",
        "user = u| user: must be given together with password-file: user=u; give both",
        "to = []| to: must be 1 to 50 addresses: to=0; write to",
        "to = [ann]| to: must be mail addresses: to=ann",
        "from = \"a@b.org, c@d.org\"| from: must be one mail address",
        "from = \"a@b.org\\r\\nBcc: x@y.org\"| from: must be one mail address",
        "user = u, password-file = short.secret, security = none, host = 192.0.2.1| travel in the clear",
        "hots = mx| hots: must be a key that is known: key=hots",
      })
  void mail_thatCannotBe_isRefused(String line, String rule) throws IOException {
    String message =
        refusal(
            "destinations.team { kind = mail, host = mx, from = \"a@b.org\", to = [\"c@d.org\"], %s }"
                .formatted(line));

    assertThat(message).contains(rule).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| destinations: must be 1 to 32 destinations by name: destinations=0; write",
        "destinations.\"a b\" { kind = mail }| named by 1 to 64",
        "public-url = here| public-url: must be the address of the service",
        "retry.first = 0s| first must be above 0",
        "retry { first = 2m, longest = 1m }| longest must be not below first",
        "retry.attempts = 0| attempts must be 1 to 10000",
        "retry.frist = 1s| retry.frist: must be a key that is known",
        "destinatoins = {}| did you mean destinations?",
        "destinations { ops {| notify.conf",
      })
  void file_thatCannotBe_isRefused(String text, String rule) throws IOException {
    assertThat(refusal(text)).contains(rule);
  }

  @Test
  void file_thatIsMissing_isRefusedWithItsName() {
    InvalidConfigException refused =
        catchThrowableOfType(
            InvalidConfigException.class, () -> NoticeFile.read(directory.resolve("no.conf")));

    assertThat(refused).hasMessageContaining("no.conf").hasMessageContaining("correct --notify");
  }

  @Test
  void brokenRules_areRefusedTogether() throws IOException {
    String message =
        refusal(
            "public-url = here\ndestinations { a { kind = webhook }, b { kind = mail, port = -1 } }");

    assertThat(List.of(message.split("\n")))
        .hasSizeGreaterThan(5)
        .allSatisfy(line -> assertThat(line).startsWith(directory.toString()));
  }

  private static Destination named(NoticeSettings settings, String name) {
    return settings.destinations().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String refusal(String text) throws IOException {
    Path file = written(text);
    InvalidConfigException refused =
        catchThrowableOfType(InvalidConfigException.class, () -> NoticeFile.read(file));
    assertThat(refused).isNotNull();
    return String.valueOf(refused.getMessage());
  }

  private Path written(String text) throws IOException {
    return Files.writeString(directory.resolve("notify.conf"), text);
  }
}
