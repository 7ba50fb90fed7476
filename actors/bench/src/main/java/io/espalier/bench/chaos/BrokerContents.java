package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.tail.ShippedEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What Kafka holds in the end: the home's broker runs in this process, as it would in that of the
 * next run, and ships first what killed processes left.
 */
final class BrokerContents implements AutoCloseable {
  private static final Duration SHIPPING_LIMIT = Duration.ofMinutes(1);

  private final BenchDirectory scratch;
  private final Broker broker;

  private BrokerContents(BenchDirectory scratch, Broker broker) {
    this.scratch = scratch;
    this.broker = broker;
  }

  /** Starts the broker, and waits until nothing is left to ship. */
  static BrokerContents open(BenchDirectory scratch) throws IOException {
    Broker broker = Broker.open(scratch.home(), Optional.empty());
    if (broker.access().isPresent()) {
      Backlog.of(scratch.home()).ship(broker::access, scratch.root(), SHIPPING_LIMIT);
    }
    return new BrokerContents(scratch, broker);
  }

  DeliveryCheck of(String run) throws IOException {
    Optional<BrokerAccess> access = broker.access();
    if (access.isEmpty()) {
      return new DeliveryCheck(
          0, 0, List.of("the broker of the home must start again: " + broker.problem().orElse("")));
    }
    return DeliveryCheck.of(
        OutboxReader.readAll(scratch.run(run)), ShippedEvents.read(RunId.from(run), access.get()));
  }

  @Override
  public void close() {
    broker.close();
  }
}
