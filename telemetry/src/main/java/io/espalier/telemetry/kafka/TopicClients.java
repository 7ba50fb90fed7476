package io.espalier.telemetry.kafka;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

final class TopicClients {
  private static final Map<String, Object> ADMIN =
      Map.of("request.timeout.ms", 5_000, "default.api.timeout.ms", 10_000);
  private static final Map<String, Object> READING =
      Map.ofEntries(
          entry("default.api.timeout.ms", 10_000),
          entry("fetch.max.bytes", 8 << 20),
          entry("max.partition.fetch.bytes", 1 << 20),
          entry("max.poll.records", 500),
          entry("reconnect.backoff.max.ms", 1_000));
  private static final Map<String, Object> READING_FIXED =
      Map.ofEntries(
          entry("key.deserializer", ByteArrayDeserializer.class),
          entry("value.deserializer", ByteArrayDeserializer.class),
          entry("auto.offset.reset", "none"),
          entry("enable.auto.commit", false),
          entry("isolation.level", "read_committed"),
          entry("allow.auto.create.topics", false));
  private static final Map<String, Object> WRITING =
      Map.of("linger.ms", 20, "compression.type", "lz4", "max.block.ms", 10_000);
  private static final Map<String, Object> WRITING_FIXED =
      Map.ofEntries(
          entry("key.serializer", ByteArraySerializer.class),
          entry("value.serializer", ByteArraySerializer.class),
          entry("acks", "all"),
          entry("enable.idempotence", true),
          entry("max.in.flight.requests.per.connection", 1));

  private TopicClients() {}

  static Admin admin(BrokerAccess access) {
    return Admin.create(access.properties(ADMIN, Map.of()));
  }

  static KafkaConsumer<byte[], byte[]> consumer(BrokerAccess access) {
    return new KafkaConsumer<>(access.properties(READING, READING_FIXED));
  }

  static KafkaProducer<byte[], byte[]> producer(BrokerAccess access) {
    return new KafkaProducer<>(access.properties(WRITING, WRITING_FIXED));
  }

  static TopicDescription describe(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    return Objects.requireNonNull(
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
  }
}
