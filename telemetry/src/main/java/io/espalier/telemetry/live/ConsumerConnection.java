package io.espalier.telemetry.live;

import static java.util.Map.entry;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.CloudEventRecords;
import io.espalier.telemetry.live.TopicInspector.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all topics of one broker: first in turn, so that all runs are known at once, then together.
 * For one thread, except {@link #wakeup}.
 */
final class ConsumerConnection implements AutoCloseable {
  /** Topics that name runs and void steps come before measurements. */
  private static final List<Topic> ORDER =
      List.of(Topic.RUNS, Topic.EVENTS, Topic.METRICS, Topic.CLIENTS, Topic.MASKS, Topic.SYSTEM);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final long INSPECT_NS = Duration.ofSeconds(1).toNanos();
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("default.api.timeout.ms", 3_000),
          entry("request.timeout.ms", 3_000),
          entry("reconnect.backoff.max.ms", 1_000),
          entry("metadata.max.age.ms", 10_000),
          entry("fetch.max.bytes", 8 << 20),
          entry("max.partition.fetch.bytes", 2 << 20),
          entry("max.poll.records", 2_000));

  private final KafkaConsumer<String, byte[]> consumer;
  private final TopicInspector inspector;
  private final Positions positions;
  private final EventDispatcher dispatcher;
  private final Map<TopicPartition, Log> logs = new LinkedHashMap<>();
  private long inspectedNs;

  ConsumerConnection(BrokerAccess access, Positions positions, EventDispatcher dispatcher) {
    this.positions = positions;
    this.dispatcher = dispatcher;
    inspector = new TopicInspector(access);
    try {
      consumer = CloudEventRecords.consumer(access, DEFAULTS);
    } catch (RuntimeException e) {
      inspector.close();
      throw e;
    }
  }

  void open() throws ExecutionException, InterruptedException {
    inspect();
  }

  /** Polls records, and inspects the topics from time to time. */
  void read() throws ExecutionException, InterruptedException {
    if (logs.isEmpty()) {
      Thread.sleep(POLL.toMillis());
    } else {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        Log log = logs.get(new TopicPartition(record.topic(), record.partition()));
        dispatcher.take(record);
        positions.passed(Objects.requireNonNull(log), record.offset());
      }
    }
    long now = System.nanoTime();
    if (now - inspectedNs >= INSPECT_NS) {
      positions.tick((now - inspectedNs) / 1e9);
      inspect();
    } else if (!consumer.paused().isEmpty()) {
      logs.forEach((partition, log) -> notePosition(partition, log));
      resume();
    }
  }

  private void notePosition(TopicPartition partition, Log log) {
    // Offsets without a record, such as those of a compacted topic, are passed over.
    positions.next(log, consumer.position(partition));
  }

  private void inspect() throws ExecutionException, InterruptedException {
    List<Log> found = inspector.logs();
    List<Log> fresh = new ArrayList<>();
    found.stream().filter(log -> !log.equals(logs.get(log.partition()))).forEach(fresh::add);
    if (!fresh.isEmpty() || found.size() < logs.size()) {
      logs.clear();
      found.forEach(log -> logs.put(log.partition(), log));
      consumer.assign(logs.keySet());
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(logs.keySet());
    begin(fresh, ends);
    logs.forEach(
        (partition, log) -> {
          notePosition(partition, log);
          positions.end(log, Objects.requireNonNull(ends.get(partition)));
        });
    resume();
    inspectedNs = System.nanoTime();
  }

  private void begin(List<Log> fresh, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> starts =
        consumer.beginningOffsets(fresh.stream().map(Log::partition).toList());
    for (Log log : fresh) {
      long start = Objects.requireNonNull(starts.get(log.partition()));
      long end = Objects.requireNonNull(ends.get(log.partition()));
      OptionalLong stopped = positions.next(log);
      // A log that lost its end, or what comes next, is read from its beginning.
      boolean goesOn =
          stopped.isPresent() && stopped.getAsLong() >= start && stopped.getAsLong() <= end;
      long next = goesOn ? stopped.getAsLong() : start;
      consumer.seek(log.partition(), next);
      positions.begin(log, next, end);
    }
  }

  /** Lets a topic be read once those before it in the order have caught up. */
  private void resume() {
    List<TopicPartition> open = new ArrayList<>();
    List<TopicPartition> closed = new ArrayList<>();
    boolean next = true;
    for (Topic topic : ORDER) {
      List<Log> of = logs.values().stream().filter(log -> log.topic() == topic).toList();
      List<TopicPartition> partitions = next ? open : closed;
      of.forEach(log -> partitions.add(log.partition()));
      next &= of.stream().allMatch(positions::isCaughtUp);
    }
    consumer.pause(closed);
    consumer.resume(open);
  }

  boolean isCaughtUp() {
    return logs.values().stream().allMatch(positions::isCaughtUp);
  }

  /** Interrupts a waiting call, from any thread; later calls fail. */
  void wakeup() {
    consumer.wakeup();
    inspector.close();
  }

  @Override
  public void close() {
    inspector.close();
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
