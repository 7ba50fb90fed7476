package io.espalier.bench.harness;

import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A broker in a separate process, so that its work is not counted as telemetry's. */
public final class BrokerWorker {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private BrokerWorker() {}

  public record Started(ChildProcess child, BrokerAccess access) implements AutoCloseable {
    public Process process() {
      return child.process();
    }

    @Override
    public void close() {
      child.close();
    }
  }

  /** Starts a broker that keeps its log in {@code home}, and waits until it listens. */
  public static Started start(Path home) throws IOException, InterruptedException {
    ChildProcess child =
        ChildProcess.worker(
            BrokerWorker.class,
            List.of(),
            ProcessBuilder.Redirect.DISCARD,
            List.of(home.toString()));
    try {
      child.await("listen", () -> Broker.find(home, Optional.empty()).isPresent(), LIMIT);
      return new Started(child, Broker.find(home, Optional.empty()).orElseThrow());
    } catch (ChildProcess.FailedException e) {
      child.close();
      throw new IOException("a broker of its own must start: home=" + home, e);
    }
  }

  /** Holds the home's broker until this process is ended, or its parent has died. */
  public static void main(String[] arguments) throws IOException {
    Broker broker = Broker.open(Path.of(arguments[0]), Optional.empty());
    ProcessHandle.current().parent().orElseThrow().onExit().join();
    broker.close();
    System.exit(0);
  }
}
