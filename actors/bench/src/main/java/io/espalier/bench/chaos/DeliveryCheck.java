package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.outbox.RunIdFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares a broker's records of a run with its outbox. A topic that keeps all has every event in
 * the outbox's order, apart from repetitions of a source and id; a compacted one has the newest of
 * each key.
 *
 * @param repeated records that it holds more than once
 */
record DeliveryCheck(int records, int repeated, List<String> differences) {
  public DeliveryCheck {
    differences = List.copyOf(differences);
  }

  public static DeliveryCheck of(List<RawEnvelope> outbox, List<RawEnvelope> shipped) {
    List<String> differences = new ArrayList<>();
    Map<String, RawEnvelope> distinct = new LinkedHashMap<>();
    for (RawEnvelope envelope : shipped) {
      RawEnvelope first = distinct.putIfAbsent(envelope.source() + " " + envelope.id(), envelope);
      if (first != null && !first.equals(envelope)) {
        differences.add(
            "Kafka holds two events of source %s, id %s".formatted(first.source(), first.id()));
      }
    }
    List<RawEnvelope> once = List.copyOf(distinct.values());
    compare(streams(outbox), streams(once), differences);
    compare(newest(outbox), newest(shipped), differences);
    return new DeliveryCheck(shipped.size(), shipped.size() - once.size(), differences);
  }

  private static Map<String, List<RawEnvelope>> streams(List<RawEnvelope> envelopes) {
    return envelopes.stream()
        .filter(envelope -> !isCompacted(envelope))
        .collect(
            Collectors.groupingBy(
                envelope -> "source %s, topic %s".formatted(envelope.source(), envelope.topic())));
  }

  private static Map<String, List<RawEnvelope>> newest(List<RawEnvelope> envelopes) {
    return envelopes.stream()
        .filter(DeliveryCheck::isCompacted)
        .collect(
            Collectors.toMap(
                envelope ->
                    "newest of key %s, topic %s".formatted(envelope.key(), envelope.topic()),
                List::of,
                (older, newer) -> newer));
  }

  private static boolean isCompacted(RawEnvelope envelope) {
    return Topic.named(envelope.topic())
        .map(topic -> topic.cleanup() == Topic.Cleanup.COMPACT)
        .orElse(false);
  }

  private static void compare(
      Map<String, List<RawEnvelope>> expected,
      Map<String, List<RawEnvelope>> found,
      List<String> differences) {
    Set<String> names = new TreeSet<>(expected.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      List<RawEnvelope> wanted = Objects.requireNonNull(expected.getOrDefault(name, List.of()));
      List<RawEnvelope> there = Objects.requireNonNull(found.getOrDefault(name, List.of()));
      if (!wanted.equals(there)) {
        differences.add("Kafka, %s: %s".formatted(name, firstDifference(wanted, there)));
      }
    }
  }

  private static String firstDifference(List<RawEnvelope> wanted, List<RawEnvelope> there) {
    int same = 0;
    while (same < Math.min(wanted.size(), there.size())
        && wanted.get(same).equals(there.get(same))) {
      same++;
    }
    Function<List<RawEnvelope>, String> at = at(same);
    return "%d events, the outbox has %d; the first that differs: expected=%s, found=%s"
        .formatted(there.size(), wanted.size(), at.apply(wanted), at.apply(there));
  }

  private static Function<List<RawEnvelope>, String> at(int index) {
    return events -> index < events.size() ? events.get(index).toString() : "none";
  }

  /**
   * What Kafka holds in the end: the home's broker runs in this process, as it would in that of the
   * next run, and ships first what killed processes left.
   */
  static final class BrokerContents implements AutoCloseable {
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
            0,
            0,
            List.of("the broker of the home must start again: " + broker.problem().orElse("")));
      }
      Path directory = scratch.run(run);
      return DeliveryCheck.of(
          OutboxReader.readAll(directory),
          EventTail.shipped(RunIdFile.read(directory), access.get()));
    }

    @Override
    public void close() {
      broker.close();
    }
  }
}
