package io.espalier.bench.harness;

import io.espalier.cli.console.ChildCommand;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A broker in a process of its own, so that its work is not counted as telemetry's. */
public final class BrokerWorker {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MS = 50;

  private BrokerWorker() {}

  /** A worker's process and how clients reach it. */
  public record Started(Process process, BrokerAccess access) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Starts a broker that keeps its log in {@code home}, and waits until it listens. */
  public static Started start(Path home) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(ChildCommand.command(List.of(), BrokerWorker.class.getName()));
    command.add(home.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long until = System.nanoTime() + LIMIT.toNanos();
    Optional<BrokerAccess> access = Broker.find(home, Optional.empty());
    while (access.isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        process.destroyForcibly();
        throw new IOException("a broker of its own must start: home=" + home);
      }
      Thread.sleep(POLL_MS);
      access = Broker.find(home, Optional.empty());
    }
    return new Started(process, access.get());
  }

  /** Holds the home's broker until this process is ended, or its parent has died. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Broker broker = Broker.open(Path.of(arguments[0]), Optional.empty());
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    parent.onExit().join();
    broker.close();
    System.exit(0);
  }
}
