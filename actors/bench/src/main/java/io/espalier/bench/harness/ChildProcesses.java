package io.espalier.bench.harness;

import io.espalier.cli.console.ChildCommand;
import io.espalier.cli.console.CommandRefusedException;
import io.espalier.cli.console.EspalierHome;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs this program in processes of their own, one at a time, with the home of a {@link
 * BenchDirectory}. Linux only.
 *
 * <p>{@link #run} is called by one thread, {@link #stop} by any.
 */
public final class ChildProcesses {
  private static final int OK = 0;
  private static final int INTERRUPTED = 130;
  private static final int KILLED = 128 + 9;
  private static final int LOG_LINES = 15;

  private final List<String> program;
  private final BenchDirectory scratch;
  private Optional<Process> current = Optional.empty();
  private boolean stopped;

  /**
   * @param main the class of the program
   */
  public ChildProcesses(String main, BenchDirectory scratch) {
    this.program =
        ChildCommand.command(
            List.of("-Despalier.terminal=false", "-Djava.io.tmpdir=" + scratch.temporary()), main);
    this.scratch = scratch;
  }

  /**
   * Starts a process and waits for its end.
   *
   * @param log to which its output is appended
   * @param killAfter when it is killed, if it still lives
   * @param limit the longest that it may take
   * @throws FailedProcessException if it ended by itself in failure, or took longer
   * @throws CommandRefusedException once {@link #stop} was called
   */
  public ProcessExit run(
      List<String> arguments, Path log, Optional<Duration> killAfter, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    Files.writeString(
        log,
        "--- " + String.join(" ", arguments) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    long startNs = System.nanoTime();
    Process process = start(arguments, log);
    Duration wait = killAfter.orElse(limit);
    boolean alive = !process.waitFor(wait.toNanos(), TimeUnit.NANOSECONDS);
    int exitCode = alive ? process.destroyForcibly().waitFor() : process.exitValue();
    double seconds = (System.nanoTime() - startNs) / 1e9;
    refuseIfStopped(exitCode);
    if (alive && killAfter.isEmpty()) {
      throw failed("end within %d s".formatted(limit.toSeconds()), exitCode, log);
    }
    if (exitCode != OK && !(alive && exitCode == KILLED)) {
      throw failed("end with exit code 0 unless it is killed", exitCode, log);
    }
    return new ProcessExit(exitCode == KILLED, seconds);
  }

  /** Kills what runs; nothing starts after this. */
  public synchronized void stop() {
    stopped = true;
    current.ifPresent(process -> process.destroyForcibly().onExit().join());
  }

  private synchronized Process start(List<String> arguments, Path log) throws IOException {
    refuseIfStopped(OK);
    List<String> command = new ArrayList<>(program);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.put(EspalierHome.VARIABLE, scratch.home().toString());
    environment.remove(BrokerAccess.ADDRESS_VARIABLE);
    environment.remove(BrokerAccess.SETTINGS_VARIABLE);
    Process process = builder.start();
    current = Optional.of(process);
    return process;
  }

  /**
   * A terminal sends its Ctrl-C to the child too, which may end before this process hears of it.
   */
  private synchronized void refuseIfStopped(int exitCode) {
    if (stopped || exitCode == INTERRUPTED) {
      throw new CommandRefusedException(
          "the bench must run to its end to tell anything: it was interrupted; start it again");
    }
  }

  private static FailedProcessException failed(String rule, int exitCode, Path log)
      throws IOException {
    List<String> lines = Files.readAllLines(log);
    return new FailedProcessException(
        "a process must %s: exit code=%d, log=%s, which ends:%n  %s"
            .formatted(
                rule,
                exitCode,
                log,
                String.join(
                    "\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()))));
  }
}
