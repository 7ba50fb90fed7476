package io.espalier.service.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerDeathTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "137, 'ended by signal 9 (kill -9, or the system ran out of memory)'",
    "139, 'ended by signal 11 (a fault in native code)'",
    "143, 'ended by signal 15 (sent to it)'",
    "3, 'its heap was exhausted (exit code 3), submit the run with more --memory'",
    "7, 'ended by exit code 7'"
  })
  void exitCode_becomesACause(int exitCode, String how) {
    assertThat(death(exitCode, Optional.empty()).cause())
        .isEqualTo(
            "a worker must live until its attempt ends: run=pear-1, "
                + how
                + "; see worker.log in the run's directory");
  }

  @Test
  void workerThatWasKilled_hasTheRuleThatItBroke() {
    assertThat(death(137, Optional.of("it must answer")).cause())
        .contains("run=pear-1, killed, as it must answer; see");
  }

  @Test
  void lastLines_areQuotedAndShortened() {
    String cause = death(7, Optional.empty(), "one", "two", " ", "three", "y".repeat(300)).cause();

    assertThat(cause).contains("; last lines: two | three | " + "y".repeat(200) + "…; see");
  }

  @Test
  void reportOfTheVirtualMachine_isQuoted() throws IOException {
    Files.writeString(
        directory.resolve("hs_err.log"),
        """
        #
        # A fatal error has been detected by the Java Runtime Environment:
        #
        #  SIGSEGV (0xb) at pc=0x00007f, pid=5, tid=6
        #
        """);

    assertThat(death(134, Optional.empty()).cause())
        .contains("signal 6", "; hs_err.log: SIGSEGV (0xb) at pc=0x00007f, pid=5, tid=6; see");
  }

  private WorkerDeath death(int exitCode, Optional<String> broken, String... printed) {
    return new WorkerDeath("pear-1", exitCode, broken, directory, List.of(printed));
  }
}
