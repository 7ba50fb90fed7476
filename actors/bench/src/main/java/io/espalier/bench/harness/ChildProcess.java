package io.espalier.bench.harness;

import io.espalier.cli.Espalier;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Another process with this one's Java, options and classes: the program {@code espalier} in the
 * home of a {@link BenchDirectory}, or a worker that answers line by line. Linux only. One thread
 * waits for it; any may close it or its directory.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int INTERRUPTED = 130;
  private static final int KILLED = 128 + 9;
  private static final int LOG_LINES = 15;
  private static final long POLL_MS = 200;

  /** The peak of a process cannot be read once it has ended. */
  private static final long MEMORY_POLL_MS = 50;

  private final Process process;
  private final Optional<BenchDirectory> directory;
  private final Optional<Path> log;
  private final long startNs;

  /** {@code killed} means that a kill hit the live process; {@code seconds} is its life. */
  public record Exit(boolean killed, double seconds) {}

  /** A process failed or took too long; the message ends with its last output. */
  public static final class FailedException extends Exception {
    public FailedException(String message) {
      super(message);
    }
  }

  @FunctionalInterface
  public interface Condition {
    boolean holds() throws IOException, InterruptedException, FailedException;
  }

  private ChildProcess(
      Process process, Optional<BenchDirectory> directory, Optional<Path> log, long startNs) {
    this.process = process;
    this.directory = directory;
    this.log = log;
    this.startNs = startNs;
  }

  /** Starts {@code espalier} with {@code name} as its log; {@code options} win over this VM's. */
  public static ChildProcess espalier(
      BenchDirectory directory, String name, List<String> options, List<String> arguments)
      throws IOException {
    return start(Espalier.class, directory, name, options, arguments);
  }

  static ChildProcess start(
      Class<?> main,
      BenchDirectory directory,
      String name,
      List<String> options,
      List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.add("-Despalier.terminal=false");
    all.add("-Djava.io.tmpdir=" + directory.temporary());
    return start(directory, name, String.join(" ", arguments), builder(main, all, arguments));
  }

  /** Starts any program in the home of a directory, with {@code name} as its log. */
  public static ChildProcess command(BenchDirectory directory, String name, List<String> command)
      throws IOException {
    return start(directory, name, String.join(" ", command), new ProcessBuilder(command));
  }

  private static ChildProcess start(
      BenchDirectory directory, String name, String title, ProcessBuilder builder)
      throws IOException {
    directory.requireOpen();
    Path log = directory.log(name);
    Files.writeString(
        log, "--- " + title + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.put(EspalierHome.VARIABLE, directory.home().toString());
    environment.remove(BrokerAccess.ADDRESS_VARIABLE);
    environment.remove(BrokerAccess.SETTINGS_VARIABLE);
    long startNs = System.nanoTime();
    return new ChildProcess(
        directory.start(builder), Optional.of(directory), Optional.of(log), startNs);
  }

  /** Starts a class with piped input and output; standard error goes to {@code errors}. */
  public static ChildProcess worker(
      Class<?> main, List<String> options, ProcessBuilder.Redirect errors, List<String> arguments)
      throws IOException {
    return worker(main, options, Map.of(), errors, arguments);
  }

  /** Starts a class the same way, with further variables of its environment. */
  public static ChildProcess worker(
      Class<?> main,
      List<String> options,
      Map<String, String> environment,
      ProcessBuilder.Redirect errors,
      List<String> arguments)
      throws IOException {
    return started(builder(main, options, arguments), environment, errors);
  }

  /** Starts any program the same way, with further variables of its environment. */
  public static ChildProcess command(
      List<String> command, Map<String, String> environment, ProcessBuilder.Redirect errors)
      throws IOException {
    return started(new ProcessBuilder(command), environment, errors);
  }

  private static ChildProcess started(
      ProcessBuilder builder, Map<String, String> environment, ProcessBuilder.Redirect errors)
      throws IOException {
    long startNs = System.nanoTime();
    builder.environment().putAll(environment);
    Process process = builder.redirectError(errors).start();
    return new ChildProcess(process, Optional.empty(), Optional.empty(), startNs);
  }

  /** A class with the home and the temporary files of a directory, which ends it. */
  public static ChildProcess worker(
      Class<?> main, BenchDirectory directory, String log, List<String> options)
      throws IOException {
    directory.requireOpen();
    List<String> all = new ArrayList<>(options);
    all.add("-Djava.io.tmpdir=" + directory.temporary());
    ProcessBuilder builder =
        builder(main, all, List.of(directory.root().toString()))
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.log(log).toFile()));
    builder.environment().put(EspalierHome.VARIABLE, directory.home().toString());
    long startNs = System.nanoTime();
    return new ChildProcess(
        directory.start(builder), Optional.of(directory), Optional.of(directory.log(log)), startNs);
  }

  private static ProcessBuilder builder(
      Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  public String ask(String line) throws IOException {
    var orders = process.outputWriter(StandardCharsets.UTF_8);
    orders.write(line + "\n");
    orders.flush();
    return answer();
  }

  public String answer() throws IOException {
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException("a worker must live until it is closed: pid=" + process.pid());
    }
    return line;
  }

  public Stream<String> answers() {
    return process.inputReader(StandardCharsets.UTF_8).lines();
  }

  public ProcessMemory memory() throws IOException {
    return ProcessMemory.of(process.pid());
  }

  public Process process() {
    return process;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for its end; throws {@link FailedException} on failure or after {@code limit}, {@link
   * CommandRefusedException} if the bench is interrupted.
   */
  public Exit await(Duration limit) throws IOException, InterruptedException, FailedException {
    return end(limit, false);
  }

  /**
   * Waits for its end as {@link #await(Duration)} does, and returns the most resident memory that
   * it was seen to have, in bytes.
   */
  public double peakUntilEnd(Duration limit)
      throws IOException, InterruptedException, FailedException {
    double peak = 0;
    long untilNs = startNs + limit.toNanos();
    while (process.isAlive() && System.nanoTime() < untilNs) {
      peak = Math.max(peak, peakBytes());
      Thread.sleep(MEMORY_POLL_MS);
    }
    await(limit);
    return peak;
  }

  /** Returns 0 if it ends meanwhile. */
  private double peakBytes() {
    try {
      return memory().peakBytes();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Kills it after a time, unless it ends earlier. */
  public Exit killAfter(Duration time) throws IOException, InterruptedException, FailedException {
    return end(time, true);
  }

  private Exit end(Duration limit, boolean kill)
      throws IOException, InterruptedException, FailedException {
    long untilNs = startNs + limit.toNanos();
    boolean alive = !process.waitFor(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    int exitCode = alive ? process.destroyForcibly().waitFor() : process.exitValue();
    double seconds = (System.nanoTime() - startNs) / 1e9;
    requireNotInterrupted(exitCode);
    if (alive && !kill) {
      throw failed("end within %d s: exit code=%d".formatted(limit.toSeconds(), exitCode));
    }
    if (exitCode != 0 && !(alive && exitCode == KILLED)) {
      throw failed("end with exit code 0 unless it is killed: exit code=" + exitCode);
    }
    return new Exit(exitCode == KILLED, seconds);
  }

  /** A terminal sends its Ctrl-C to the child too, which may end before this process notices. */
  private void requireNotInterrupted(int exitCode) {
    directory.ifPresent(BenchDirectory::requireOpen);
    if (exitCode == INTERRUPTED) {
      throw BenchDirectory.interrupted();
    }
  }

  /**
   * Waits for a condition; throws {@link FailedException} with {@code rule} if the process ends
   * before or it takes longer than {@code limit}.
   */
  public void await(String rule, Condition condition, Duration limit)
      throws IOException, InterruptedException, FailedException {
    long untilNs = System.nanoTime() + limit.toNanos();
    boolean lives = process.isAlive();
    while (!condition.holds()) {
      if (!lives || System.nanoTime() > untilNs) {
        throw failed("%s within %d s".formatted(rule, limit.toSeconds()));
      }
      Thread.sleep(POLL_MS);
      lives = process.isAlive();
    }
  }

  /** Returns the failure with a rule that the process broke and the end of its log. */
  public FailedException failed(String rule) throws IOException {
    List<String> lines = log.isPresent() ? Files.readAllLines(log.get()) : List.of();
    return new FailedException(
        "a process must %s, log=%s, which ends:%n  %s"
            .formatted(
                rule,
                log.map(Path::toString).orElse("none"),
                String.join(
                    "\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()))));
  }

  /** Ends it in order, or kills it where that takes longer than {@code patience}. */
  public void terminate(Duration patience) {
    process.destroy();
    try {
      if (process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
