package io.espalier.actors.process;

import io.espalier.actors.cli.host.EspalierHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A small virtual machine of its own, with the classes of this one, and what it prints. */
public final class ChildJvm implements AutoCloseable {
  private static final int PATIENCE_S = 90;
  private static final long LOOK_MS = 20;

  private final Process process;
  private final Path log;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a class.
   *
   * @param log to which its output is appended
   */
  public static ChildJvm start(Class<?> main, List<String> arguments, Path home, Path log)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    for (String property : List.of("ai.djl.offline", "OPT_OUT_TRACKING", "DJL_CACHE_DIR")) {
      command.add("-D" + property + "=" + System.getProperty(property));
    }
    command.addAll(
        List.of(
            "-Dai.djl.pytorch.num_threads=1",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put(EspalierHome.VARIABLE, home.toString());
    return new ChildJvm(builder.start(), log);
  }

  /** What it and those before it with the same log have printed. */
  public String printed() throws IOException {
    return Files.readString(log);
  }

  /** How often a text is in what was printed. */
  public int count(String text) throws IOException {
    return printed().split(Pattern.quote(text), -1).length - 1;
  }

  /** Waits until a text was printed so many times. */
  public void awaitPrinted(String text, int times) throws IOException, InterruptedException {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (count(text) < times) {
      if (!process.isAlive() || System.nanoTime() > untilNs) {
        throw new AssertionError("it must print '%s':%n%s".formatted(text, printed()));
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /** Waits for the end, and tells the exit code. */
  public int await() throws InterruptedException {
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      kill();
    }
    return process.waitFor();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends it a signal, such as {@code STOP}. */
  public void signal(String name) throws IOException, InterruptedException {
    int sent =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (sent != 0) {
      throw new IllegalStateException("a process must take the signal: signal=" + name);
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
