package io.espalier.telemetry.live;

import static java.util.Map.entry;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds a broker's topics and the logs behind them. */
final class TopicInspector implements AutoCloseable {
  private static final Map<String, Object> SETTINGS =
      Map.ofEntries(
          entry("request.timeout.ms", 3_000),
          entry("default.api.timeout.ms", 3_000),
          entry("reconnect.backoff.max.ms", 1_000));

  private final Admin admin;

  /** A partition and the id of its topic's log, which a recreated topic does not share. */
  record Log(Topic topic, TopicPartition partition, String id) {}

  TopicInspector(BrokerAccess access) {
    admin = Admin.create(access.properties(SETTINGS, Map.of()));
  }

  List<Log> logs() throws ExecutionException, InterruptedException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    Map<String, KafkaFuture<TopicDescription>> found =
        admin.describeTopics(names).topicNameValues();
    List<Log> logs = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      KafkaFuture<TopicDescription> description = found.get(topic.topicName());
      if (description != null) {
        add(topic, description, logs);
      }
    }
    return logs;
  }

  private static void add(Topic topic, KafkaFuture<TopicDescription> description, List<Log> logs)
      throws ExecutionException, InterruptedException {
    try {
      TopicDescription known = description.get();
      known
          .partitions()
          .forEach(
              each ->
                  logs.add(
                      new Log(
                          topic,
                          new TopicPartition(topic.topicName(), each.partition()),
                          known.topicId().toString())));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
