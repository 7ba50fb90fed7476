package io.espalier.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.cli.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessesTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private BenchDirectory scratch;
  private ChildProcesses children;

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
    children = new ChildProcesses(Program.class.getName(), scratch);
  }

  @Test
  void run_processThatFinishesFirst_isNotKilled() throws Exception {
    ProcessExit ending = children.run(List.of("0"), scratch.log("a"), Optional.of(LIMIT), LIMIT);

    assertThat(ending.killed()).isFalse();
    assertThat(scratch.log("a")).hasContent("--- 0\nhome=" + scratch.home());
  }

  @Test
  void run_processThatLives_isKilled() throws Exception {
    Optional<Duration> soon = Optional.of(Duration.ofMillis(200));

    assertThat(children.run(List.of("wait"), scratch.log("a"), soon, LIMIT).killed()).isTrue();
  }

  @Test
  void run_processThatFailsOrHangs_isToldWithItsLog() {
    assertThatThrownBy(
            () -> children.run(List.of("3"), scratch.log("a"), Optional.of(LIMIT), LIMIT))
        .isInstanceOf(FailedProcessException.class)
        .hasMessageContainingAll("exit code=3", scratch.log("a").toString(), "home=");
    assertThatThrownBy(
            () ->
                children.run(
                    List.of("wait"), scratch.log("b"), Optional.empty(), Duration.ofSeconds(1)))
        .isInstanceOf(FailedProcessException.class)
        .hasMessageContaining("must end within 1 s");
  }

  @Test
  void stop_whileOneRuns_endsItAndStartsNoOther() {
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            children::stop, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

    assertThatThrownBy(
            () -> children.run(List.of("wait"), scratch.log("a"), Optional.empty(), LIMIT))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("it was interrupted");
    stopped.join();
    assertThatThrownBy(() -> children.run(List.of("0"), scratch.log("a"), Optional.empty(), LIMIT))
        .isInstanceOf(CommandRefusedException.class);
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().commandLine().orElse("").contains("ChildrenTest$Program"));
  }

  @Test
  void cleanup_closed_undoesTheLastFirstAndOnce() throws IOException {
    StringBuilder done = new StringBuilder();
    try (CleanupStack cleanup = CleanupStack.start()) {
      cleanup.add(scratch::remove);
      cleanup.add(() -> done.append(scratch.root().toFile().exists()));
    }

    assertThat(done).hasToString("true");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void scratch_kept_staysWhenRemoved() {
    scratch.keep();
    scratch.remove();

    assertThat(scratch.home()).isEmptyDirectory();
  }
}
