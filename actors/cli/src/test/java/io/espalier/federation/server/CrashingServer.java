package io.espalier.federation.server;

import io.espalier.cli.Espalier;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

  private final int port;
  private final Path recipe;
  private final Path out;
  private final Path home;
  private final String kafka;
  private Optional<ChildJvm> process = Optional.empty();

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

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Path log() {
    return out.resolveSibling(out.getFileName() + ".log");
  }

  /** Starts the run, or resumes it if there is one; what ran before must have ended. */
  ChildJvm start(Optional<Death> death) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(death.map(each -> each.point().name()).orElse("NONE"));
    arguments.add(death.map(each -> "" + each.time()).orElse("0"));
    arguments.add("federate");
    arguments.addAll(
        Files.exists(out.resolve("recipe.conf"))
            ? List.of("--resume", out.toString())
            : List.of(recipe.toString(), "--out", out.toString()));
    arguments.addAll(List.of("--plaintext", "--listen", "127.0.0.1:" + port, "--kafka", kafka));
    ChildJvm started = ChildJvm.start(CrashingServer.class, arguments, home, log());
    process = Optional.of(started);
    return started;
  }

  /** Dies with the process, if it still runs. */
  @Override
  public void close() {
    process.ifPresent(ChildJvm::close);
  }

  public static void main(String[] arguments) {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
    CrashPoint.arm(
        point -> {
          if (point.name().equals(arguments[0]) && left.decrementAndGet() == 0) {
            NativeExit.halt(DIED);
          }
        });
    Espalier.main(Arrays.copyOfRange(arguments, 2, arguments.length));
  }
}
