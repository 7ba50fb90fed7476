package io.espalier.bench.federated;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.FailedProcessException;
import io.espalier.cli.console.ChildCommand;
import io.espalier.cli.console.EspalierHome;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Processes of this program that work side by side, each with a log of its own, and the most memory
 * that each had. Linux only. {@link #close} kills what still lives.
 */
final class ClientProcesses implements AutoCloseable {
  private static final String MAIN = "io.espalier.cli.Espalier";
  private static final int LOG_LINES = 15;
  private static final long LOOK_MS = 200;

  private final BenchDirectory scratch;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final Map<String, Long> peaks = new LinkedHashMap<>();

  /** Nobody yet; whoever there is then is killed when the bench ends. */
  ClientProcesses(BenchDirectory scratch, CleanupStack cleanup) {
    this.scratch = scratch;
    cleanup.add(this::close);
  }

  /** A directory of this name, which is not made. */
  Path place(String name) {
    return scratch.run(name);
  }

  /** Starts a process that goes by a name. */
  void start(String name, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            ChildCommand.command(List.of("-Despalier.terminal=false", "-Xms16m"), MAIN));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
    Map<String, String> environment = builder.environment();
    environment.put(EspalierHome.VARIABLE, scratch.home().toString());
    environment.remove(BrokerAccess.ADDRESS_VARIABLE);
    environment.remove(BrokerAccess.SETTINGS_VARIABLE);
    processes.put(name, builder.start());
  }

  Path log(String name) {
    return scratch.log(name);
  }

  /** Runs a process to its end. */
  void run(String name, List<String> arguments, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    start(name, arguments);
    await(name, limit);
  }

  /** Waits until a process has said something that matches, and tells the first group of it. */
  String heard(String name, Pattern pattern, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    long untilNs = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < untilNs && process(name).isAlive()) {
      var found = pattern.matcher(Files.readString(log(name)));
      if (found.find()) {
        return found.group(1);
      }
      Thread.sleep(LOOK_MS);
    }
    throw failed(name, "say what it is waited for: pattern=" + pattern);
  }

  /** Waits for a process to end well, and looks at the memory of all meanwhile. */
  void await(String name, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    long untilNs = System.nanoTime() + limit.toNanos();
    Process process = process(name);
    while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
      look();
      if (System.nanoTime() > untilNs) {
        throw failed(name, "end within %d s".formatted(limit.toSeconds()));
      }
    }
    if (process.exitValue() != 0) {
      throw failed(name, "end with exit code 0: exit code=" + process.exitValue());
    }
  }

  /** Peak resident memory of a process, in bytes. */
  long peak(String name) {
    return peaks.getOrDefault(name, 0L);
  }

  private void look() {
    processes.forEach(
        (name, process) -> {
          Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
          try {
            Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .forEach(bytes -> peaks.merge(name, bytes, Math::max));
          } catch (IOException e) {
            // It has just ended.
            return;
          }
        });
  }

  private Process process(String name) {
    Process process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException("a process must have been started: name=" + name);
    }
    return process;
  }

  private FailedProcessException failed(String name, String rule) throws IOException {
    List<String> lines = Files.readAllLines(log(name));
    scratch.keep();
    return new FailedProcessException(
        "the process %s must %s, log=%s, which ends:%n  %s"
            .formatted(
                name,
                rule,
                log(name),
                String.join(
                    "\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()))));
  }

  @Override
  public void close() {
    processes.values().forEach(process -> process.destroyForcibly().onExit().join());
  }
}
