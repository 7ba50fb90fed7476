package io.espalier.actors.federation.server;

import io.espalier.actors.cli.Espalier;
import io.espalier.actors.cli.host.EspalierHome;
import io.espalier.configs.fault.CrashPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code espalier federate} of one run directory in processes of its own, at one port, one after
 * the other. Each may die where a crash point says.
 */
final class CrashingServer implements AutoCloseable {
  /** Exit code of a process that died at its point. */
  static final int DIED = 77;

  final int port;
  private final Path recipe;
  private final Path out;
  private final Path home;
  private final String kafka;
  private Optional<Process> process = Optional.empty();

  /**
   * Where a process dies.
   *
   * @param time which passing of the point is deadly, from 1
   */
  record Death(CrashPoint point, int time) {}

  CrashingServer(Path recipe, Path out, Path home, String kafka) throws IOException {
    this.recipe = recipe;
    this.out = out;
    this.home = home;
    this.kafka = kafka;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  Path log() {
    return out.resolveSibling(out.getFileName() + ".log");
  }

  /** Starts the run, or resumes it if there is one. */
  Process start(Optional<Death> death) throws IOException {
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
            CrashingServer.class.getName()));
    command.add(death.map(each -> each.point().name()).orElse("NONE"));
    command.add(death.map(each -> "" + each.time()).orElse("0"));
    command.add("federate");
    command.addAll(
        Files.exists(out.resolve("recipe.conf"))
            ? List.of("--resume", out.toString())
            : List.of(recipe.toString(), "--out", out.toString()));
    command.addAll(List.of("--plaintext", "--listen", "127.0.0.1:" + port, "--kafka", kafka));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put(EspalierHome.VARIABLE, home.toString());
    Process started = builder.start();
    process = Optional.of(started);
    return started;
  }

  /** Dies with the process, if it still runs. */
  @Override
  public void close() {
    process.ifPresent(running -> running.destroyForcibly().onExit().join());
  }

  public static void main(String[] arguments) {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
    CrashPoint.arm(
        point -> {
          if (point.name().equals(arguments[0]) && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(DIED);
          }
        });
    Espalier.main(Arrays.copyOfRange(arguments, 2, arguments.length));
  }
}
