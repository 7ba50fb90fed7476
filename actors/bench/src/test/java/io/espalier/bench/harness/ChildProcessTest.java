package io.espalier.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private BenchDirectory scratch;

  /** The program of the processes: ends at once with an exit code, or never. */
  static final class Program {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("home=" + System.getenv("ESPALIER_HOME"));
      if (arguments[0].equals("wait")) {
        new CountDownLatch(1).await();
      }
      System.exit(Integer.parseInt(arguments[0]));
    }
  }

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = BenchDirectory.in(directory);
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  @Test
  void killAfter_processThatFinishesFirst_isNotKilled() throws Exception {
    ChildProcess.Exit exit = start("a", "0").killAfter(LIMIT);

    assertThat(exit.killed()).isFalse();
    assertThat(scratch.log("a")).content().startsWith("--- 0\n").contains("home=" + scratch.home());
  }

  @Test
  void killAfter_processThatLives_isKilled() throws Exception {
    assertThat(start("a", "wait").killAfter(Duration.ofMillis(200)).killed()).isTrue();
  }

  @Test
  void await_processThatFailsOrHangs_isReportedWithItsLog() {
    assertThatThrownBy(() -> start("a", "3").killAfter(LIMIT))
        .isInstanceOf(ChildProcess.FailedException.class)
        .hasMessageContainingAll("exit code=3", scratch.log("a").toString(), "home=");
    assertThatThrownBy(() -> start("b", "wait").await(Duration.ofSeconds(1)))
        .isInstanceOf(ChildProcess.FailedException.class)
        .hasMessageContaining("must end within 1 s");
  }

  @Test
  void await_conditionThatNeverHolds_endsWithTheProcessOrTheLimit() {
    assertThatThrownBy(() -> start("a", "0").await("listen", () -> false, LIMIT))
        .isInstanceOf(ChildProcess.FailedException.class)
        .hasMessageContaining("must listen within %d s", LIMIT.toSeconds());
    assertThatThrownBy(
            () -> start("b", "wait").await("listen", () -> false, Duration.ofMillis(300)))
        .isInstanceOf(ChildProcess.FailedException.class);
  }

  @Test
  void close_whileOneRuns_endsItAndStartsNoOther() {
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            scratch::close, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

    assertThatThrownBy(() -> start("a", "wait").await(LIMIT))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("it was interrupted");
    closed.join();
    assertThat(ProcessHandle.current().children())
        .noneMatch(
            child -> child.info().commandLine().orElse("").contains("ChildProcessTest$Program"));
    assertThatThrownBy(() -> scratch.onClose(() -> {})).isInstanceOf(CommandRefusedException.class);
  }

  @Test
  void scratch_closed_undoesTheLastFirstAndOnce() {
    StringBuilder done = new StringBuilder();
    scratch.onClose(() -> done.append(1));
    scratch.onClose(() -> done.append(scratch.root().toFile().exists()));

    scratch.close();
    scratch.close();

    assertThat(done).hasToString("true1");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void scratch_kept_staysWhenClosed() {
    scratch.keep();
    scratch.close();

    assertThat(scratch.home()).isEmptyDirectory();
  }

  private ChildProcess start(String log, String argument) throws IOException {
    return ChildProcess.start(Program.class, scratch, log, List.of(), List.of(argument));
  }
}
