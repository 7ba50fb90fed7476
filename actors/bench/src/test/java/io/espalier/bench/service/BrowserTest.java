package io.espalier.bench.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.console.CommandRefusedException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class BrowserTest {
  private static final URI PAGE = URI.create("http://127.0.0.1:1/");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"no-such-browser-here", "/no/such/browser"})
  void browser_thatIsNotThere_isRefusedWithThePackage(String named) {
    assertThatThrownBy(() -> Browser.find(named))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContainingAll("browser=" + named, "Debian package chromium", "--browser");
  }

  @Test
  void browser_thatEnds_isToldWithWhatItPrinted() throws Exception {
    Path program = script("echo 'no display'; exit 3");
    try (Browser browser = Browser.open(Browser.find(program.toString()), PAGE, directory)) {
      // Given
      assertThat(browser.ended().get(120, TimeUnit.SECONDS).isAlive()).isFalse();

      // When, then
      assertThatThrownBy(browser::requireAlive)
          .isInstanceOf(CommandRefusedException.class)
          .hasMessageContainingAll("exit code=3", "no display");
    }
  }

  @Test
  void browser_isEndedWithItsProcesses() throws Exception {
    Path children = directory.resolve("children");
    Path program = script("sleep 600 & echo $! > %s; wait".formatted(children));

    try (Browser browser = Browser.open(program, PAGE, directory)) {
      while (!Files.exists(children) || Files.readString(children).isBlank()) {
        Thread.onSpinWait();
      }
      browser.requireAlive();
    }

    long child = Long.parseLong(Files.readString(children).strip());
    assertThat(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  private Path script(String body) throws Exception {
    Path program = Files.writeString(directory.resolve("browser"), "#!/bin/bash\n" + body + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }
}
