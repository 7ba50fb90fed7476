package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportLinksTest {
  @TempDir private Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-02T03:04:05.6Z"));
  private ReportLinks links;

  @BeforeEach
  void open() throws IOException {
    links = ReportLinks.open(directory, now::get);
  }

  @Test
  void link_isValidForItsRun_untilItsTimeIsOver() {
    ReportLinks.Signed signed = links.sign("pear");

    assertThat(signed.expires()).isEqualTo("2026-01-02T03:14:05Z");
    assertThat(links.isValid("pear", signed.link())).isTrue();
    assertThat(links.isValid("plum", signed.link())).isFalse();
    now.set(signed.expires().minusMillis(1));
    assertThat(links.isValid("pear", signed.link())).isTrue();
    now.set(signed.expires());
    assertThat(links.isValid("pear", signed.link())).isFalse();
  }

  @Test
  void link_survivesARestart_butNotAnotherSecret(@TempDir Path other) throws IOException {
    String link = links.sign("pear").link();

    assertThat(ReportLinks.open(directory, now::get).isValid("pear", link)).isTrue();
    assertThat(ReportLinks.open(other, now::get).isValid("pear", link)).isFalse();
  }

  @Test
  void secret_isItsOwnersAlone() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("report-links.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void laterEnd_needsAnotherSignature() {
    ReportLinks.Signed signed = links.sign("pear");
    String signature = signed.link().substring(signed.link().indexOf('-'));
    long later = signed.expires().plus(Duration.ofDays(1)).getEpochSecond();

    assertThat(links.isValid("pear", later + signature)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1-", "x-y", "-1-abc", "99999999999999999999-abc", "link"})
  void text_thatIsNoLink_isInvalid(String text) {
    assertThat(links.isValid("pear", text)).isFalse();
  }
}
