package io.espalier.training.run;

import io.espalier.configs.WhenDiskFull;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.LenientOutbox;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunRegistry;
import io.espalier.telemetry.outbox.WriterEpoch;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbox of a run and its shipping to Kafka. The broker starts in the background: training
 * never waits for it. Thread-safe.
 */
final class RunTelemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunTelemetry.class);
  private static final Duration BACKLOG_LIMIT = Duration.ofSeconds(30);
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);

  private final RunSession.Request request;
  private final ResourceStack opened;
  private final Path runDirectory;
  private final Backlog backlog;
  private final Outbox outbox;
  private final Optional<LenientOutbox> lenient;
  private final BrokerLease lease;
  private final CompletableFuture<Broker> broker = new CompletableFuture<>();
  private final Shipper shipper;
  private volatile Optional<String> shippedTo = Optional.empty();
  private volatile boolean closed;

  private RunTelemetry(RunSession.Request request, int attempt, ResourceStack opened)
      throws IOException {
    this.request = request;
    this.opened = opened;
    this.runDirectory = request.directory().path();
    this.backlog = Backlog.of(request.home());
    backlog.add(runDirectory);
    RunRegistry.of(request.home()).add(request.directory().id(), runDirectory);
    Optional<WriterEpoch> writerEpoch = writerEpoch(request);
    this.outbox = outbox(request, attempt, writerEpoch);
    opened.add(this::closeOutbox);
    CrashPoint.OUTBOX_OPENED.pass();
    this.lenient =
        request.run().config().train().recovery().whenDiskFull() == WhenDiskFull.CONTINUE
            ? Optional.of(new LenientOutbox(outbox, request.warnings()))
            : Optional.empty();
    warnOfClock();
    outbox.damage().ifPresent(request.warnings());
    this.lease =
        request.environment() instanceof RunEnvironment.InService service
            ? service.broker()
            : new BrokerLease(request.home(), request.kafka());
    startInBackground();
    opened.add(this::closeBroker);
    CrashPoint.BROKER_STARTING.pass();
    this.shipper = Shipper.start(runDirectory, this::access, this::warnOfShipping, writerEpoch);
    opened.add(shipper::close);
    CrashPoint.SHIPPER_STARTED.pass();
  }

  static RunTelemetry open(RunSession.Request request, int attempt) throws IOException {
    return ResourceStack.open(opened -> new RunTelemetry(request, attempt, opened));
  }

  private static Outbox outbox(
      RunSession.Request request, int attempt, Optional<WriterEpoch> writerEpoch)
      throws IOException {
    Path directory = request.directory().path();
    RunId run = request.directory().id();
    return writerEpoch.isPresent()
        ? Outbox.takeOver(directory, run, writerEpoch.get(), Clock.systemUTC())
        : Outbox.open(directory, run, attempt, Clock.systemUTC());
  }

  private void startInBackground() {
    Thread starter = new Thread(this::startBroker, "espalier-broker");
    starter.setDaemon(true);
    starter.start();
  }

  /** If run epochs may overtake each other, so may the writers of the outbox. */
  private static Optional<WriterEpoch> writerEpoch(RunSession.Request request) {
    RunEpoch epoch = request.directory().runEpoch();
    return epoch.isShared()
        ? Optional.of(new WriterEpoch(epoch.term(), epoch::require))
        : Optional.empty();
  }

  void append(List<Event> events) {
    lenient.ifPresentOrElse(tolerant -> tolerant.append(events), () -> outbox.append(events));
  }

  /**
   * Returns when all events are on disk; throws on failure or on events whose loss is unrecorded.
   */
  void flush() {
    lenient.ifPresentOrElse(LenientOutbox::flush, outbox::flush);
  }

  RunId run() {
    return outbox.run();
  }

  int attempt() {
    return outbox.attempt();
  }

  Set<String> openAlerts() {
    return outbox.openAlerts();
  }

  int cutsUntil(long step) {
    return step == 0 ? 0 : outbox.cuts().headSet(step + 1).size();
  }

  /** Bytes of the outbox that no broker has acknowledged. */
  long lagBytes() {
    return shipper.lagBytes();
  }

  Optional<String> brokerAddress() {
    return shippedTo.or(() -> broker().flatMap(Broker::address));
  }

  Optional<String> problem() {
    return broker().flatMap(Broker::problem).or(shipper::problem);
  }

  /** Access to the broker of this run, once there is one; it may move. */
  Optional<BrokerAccess> access() {
    return broker().flatMap(Broker::access);
  }

  private Optional<Broker> broker() {
    return broker.isDone() && !broker.isCompletedExceptionally()
        ? Optional.of(broker.join())
        : Optional.empty();
  }

  /** Reports only a broker that the user named: the home's own may come and go. */
  private void warnOfShipping(String problem) {
    if (broker.join().kind() == Broker.Kind.EXTERNAL) {
      warnOfWaiting(problem);
    }
  }

  private void warnOfWaiting(String problem) {
    request
        .warnings()
        .accept(
            "events wait in %s and training goes on: %s"
                .formatted(runDirectory.resolve(Outbox.FILE_NAME), problem));
  }

  private void warnOfClock() {
    Duration lag = outbox.clockLag();
    if (lag.compareTo(CLOCK_TOLERANCE) > 0) {
      request
          .warnings()
          .accept(
              "the clock was set back: it is %d s behind the run's last event, whose time the next events bear until it has caught up"
                  .formatted(lag.toSeconds()));
    }
  }

  /**
   * Ships the last events for at most {@code limit}. Once they are, a broker of this process alone
   * begins to stop, which takes as long as a report.
   *
   * @return whether all was acknowledged; if not, the next process of this home ships the rest
   */
  boolean conclude(Duration limit) {
    boolean drained = shipper.drain(limit);
    try {
      if (drained) {
        backlog.remove(runDirectory);
      } else {
        // Also of a run that failed behind its last event, when all before was shipped.
        backlog.add(runDirectory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (drained) {
      shippedTo = brokerAddress();
      startToDisconnect();
    }
    return drained;
  }

  @Override
  public void close() {
    closed = true;
    opened.close();
  }

  /** {@link #close} waits for its end, and meets what fails in it. */
  private void startToDisconnect() {
    FutureTask<Void> disconnection = new FutureTask<>(this::disconnect, null);
    Thread ending = new Thread(disconnection, "espalier-disconnect");
    ending.setDaemon(true);
    ending.start();
  }

  private void disconnect() {
    shipper.close();
    closeBroker();
  }

  /** Waits for a broker that still starts; that of a service outlives the run. */
  private void closeBroker() {
    if (request.environment() instanceof RunEnvironment.Alone) {
      broker.handle((opened, failure) -> opened).join();
      lease.close();
    }
  }

  private void closeOutbox() {
    try {
      outbox.close();
    } catch (UncheckedIOException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
    }
  }

  private void startBroker() {
    try {
      Broker opened = lease.open();
      broker.complete(opened);
      opened.problem().ifPresent(this::warnOfWaiting);
      opened.place().ifPresent(request.notices());
      if (opened.access().isPresent()) {
        backlog.ship(opened::access, runDirectory, BACKLOG_LIMIT);
      }
    } catch (IOException | RuntimeException e) {
      boolean missing = broker.completeExceptionally(e);
      if (closed) {
        return;
      }
      if (missing) {
        warnOfWaiting(String.valueOf(e.getMessage()));
      } else {
        request.notices().accept("of earlier runs stay in their files; the next run ships them");
        LOG.info("events of earlier runs are not shipped yet: {}", e.getMessage());
      }
    }
  }
}
