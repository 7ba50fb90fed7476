package io.espalier.actors.run;

import io.espalier.configs.train.WhenDiskFull;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.LenientOutbox;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/**
 * The outbox of a run and the way from it to Kafka. The broker starts in the background: training
 * never waits for it. Thread-safe.
 */
public final class RunTelemetry implements AutoCloseable {
  private static final Duration BACKLOG_LIMIT = Duration.ofSeconds(30);

  private final Path runDirectory;
  private final Backlog backlog;
  private final Outbox outbox;
  private final Optional<LenientOutbox> lenient;
  private final Consumer<String> warnings;
  private final CompletableFuture<Broker> broker;
  private final Shipper shipper;

  private RunTelemetry(
      Path runDirectory,
      Backlog backlog,
      Outbox outbox,
      CompletableFuture<Broker> broker,
      WhenDiskFull whenDiskFull,
      Consumer<String> warnings) {
    this.runDirectory = runDirectory;
    this.backlog = backlog;
    this.outbox = outbox;
    this.lenient =
        whenDiskFull == WhenDiskFull.CONTINUE
            ? Optional.of(new LenientOutbox(outbox, warnings))
            : Optional.empty();
    this.broker = broker;
    this.warnings = warnings;
    this.shipper = Shipper.start(runDirectory, this::access, problem -> warn(problem, warnings));
  }

  /**
   * Opens the outbox of a run directory and looks for a broker.
   *
   * @param home where the embedded broker keeps its log
   * @param kafka the external broker, if the user named one
   * @param whenDiskFull whether an event that cannot be written is an error
   * @param warnings hears, once, why events wait
   */
  static RunTelemetry open(
      Path runDirectory,
      RunId run,
      int attempt,
      Path home,
      Optional<BrokerAccess> kafka,
      WhenDiskFull whenDiskFull,
      Consumer<String> warnings)
      throws IOException {
    Backlog backlog = Backlog.of(home);
    backlog.add(runDirectory);
    Outbox outbox = Outbox.open(runDirectory, run, attempt, Clock.systemUTC());
    CompletableFuture<Broker> broker = new CompletableFuture<>();
    Thread starter =
        new Thread(
            () -> startBroker(broker, backlog, runDirectory, home, kafka, warnings),
            "espalier-broker");
    starter.setDaemon(true);
    starter.start();
    return new RunTelemetry(runDirectory, backlog, outbox, broker, whenDiskFull, warnings);
  }

  void append(Event event) {
    lenient.ifPresentOrElse(tolerant -> tolerant.append(event), () -> outbox.append(event));
  }

  /** Returns when what was appended is on the disk. */
  void flush() {
    try {
      outbox.flush();
    } catch (UncheckedIOException e) {
      if (lenient.isEmpty()) {
        throw e;
      }
      warnings.accept(String.valueOf(e.getMessage()));
    }
  }

  RunId run() {
    return outbox.run();
  }

  int attempt() {
    return outbox.attempt();
  }

  /** Bytes of the outbox that no broker has acknowledged. */
  long lagBytes() {
    return shipper.lagBytes();
  }

  /** Address of the broker that this run ships to, once there is one. */
  public Optional<String> brokerAddress() {
    return access().map(BrokerAccess::address);
  }

  /** Why nothing is shipped at the moment; empty if all is well. */
  Optional<String> problem() {
    return shipper.problem();
  }

  private Optional<BrokerAccess> access() {
    return broker.isDone() && !broker.isCompletedExceptionally()
        ? broker.join().access()
        : Optional.empty();
  }

  /** The home's own broker may come and go; one that the user named should be there. */
  private void warn(String problem, Consumer<String> warnings) {
    if (broker.join().kind() == Broker.Kind.EXTERNAL) {
      warnings.accept(waiting(problem, runDirectory));
    }
  }

  private static String waiting(String problem, Path runDirectory) {
    return "events wait in %s and training goes on: %s"
        .formatted(runDirectory.resolve(Outbox.FILE_NAME), problem);
  }

  /**
   * Ships what is left, for at most {@code limit}.
   *
   * @return whether all was acknowledged; if not, the next process of this home ships the rest
   */
  boolean drain(Duration limit) {
    boolean drained = shipper.drain(limit);
    if (drained) {
      try {
        backlog.remove(runDirectory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return drained;
  }

  @Override
  public void close() {
    CloseHelper.closeAll(
        outbox, shipper, () -> broker.thenAccept(Broker::close).exceptionally(e -> null).join());
  }

  private static void startBroker(
      CompletableFuture<Broker> result,
      Backlog backlog,
      Path runDirectory,
      Path home,
      Optional<BrokerAccess> kafka,
      Consumer<String> warnings) {
    try {
      Broker broker = Broker.open(home, kafka);
      result.complete(broker);
      broker.problem().ifPresent(problem -> warnings.accept(waiting(problem, runDirectory)));
      if (broker.access().isPresent()) {
        backlog.ship(broker::access, runDirectory, BACKLOG_LIMIT);
      }
    } catch (IOException | RuntimeException e) {
      if (result.completeExceptionally(e)) {
        warnings.accept(waiting(String.valueOf(e.getMessage()), runDirectory));
      }
    }
  }
}
