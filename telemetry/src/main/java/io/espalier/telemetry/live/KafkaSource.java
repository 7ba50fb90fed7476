package io.espalier.telemetry.live;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.CloudEventRecords;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** The events of the runs that are wanted, by the run in a record's key. */
final class KafkaSource implements EventSource {
  private static final Map<String, Object> DEFAULTS = Map.of("default.api.timeout.ms", 5_000);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Predicate<RunId> wanted;
  private final Topic[] topics;
  private final BrokerAccess access;

  private KafkaSource(Predicate<RunId> wanted, BrokerAccess access, Topic... topics) {
    this.consumer = CloudEventRecords.consumer(access, DEFAULTS);
    this.wanted = wanted;
    this.topics = topics;
    this.access = access;
  }

  static KafkaSource open(Predicate<RunId> wanted, BrokerAccess access) throws IOException {
    return open(wanted, access, Topic.values());
  }

  /** Returns the runs whose state the broker has. */
  static Set<RunId> runs(BrokerAccess access) throws IOException {
    try (KafkaSource source = open(run -> true, access, Topic.RUNS)) {
      return source.past().stream()
          .map(state -> new RunId(state.key()))
          .collect(Collectors.toSet());
    }
  }

  private static KafkaSource open(Predicate<RunId> wanted, BrokerAccess access, Topic... topics)
      throws IOException {
    try {
      return new KafkaSource(wanted, access, topics);
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  @Override
  public List<RawEnvelope> past() throws IOException {
    try {
      List<TopicPartition> partitions = partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<RawEnvelope> found = new ArrayList<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        found.addAll(poll(Duration.ofMillis(200)));
      }
      return found;
    } catch (WakeupException e) {
      return List.of();
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  @Override
  public List<RawEnvelope> next(Duration limit) throws IOException {
    try {
      return poll(limit);
    } catch (WakeupException e) {
      return List.of();
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  private List<RawEnvelope> poll(Duration limit) throws IOException {
    List<RawEnvelope> found = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(limit)) {
      if (isOfRun(record.key())) {
        found.add(CloudEventRecords.read(record));
      }
    }
    return found;
  }

  private boolean isOfRun(@Nullable String key) {
    String run = key == null ? "" : key.split(":", 2)[0];
    return RunId.isValid(run) && wanted.test(new RunId(run));
  }

  private List<TopicPartition> partitions() {
    Map<String, List<PartitionInfo>> known = consumer.listTopics();
    return Arrays.stream(topics)
        .map(topic -> known.get(topic.topicName()))
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  @Override
  public void stop() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
