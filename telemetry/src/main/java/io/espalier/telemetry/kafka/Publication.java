package io.espalier.telemetry.kafka;

import static java.util.Map.entry;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes envelopes in order over one broker connection. One batch is in flight, and the first
 * failure closes the connection, so nothing later overtakes it. Not thread-safe.
 */
final class Publication implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;
  private static final Map<String, Object> ADMIN_DEFAULTS =
      Map.of("request.timeout.ms", 3_000, "default.api.timeout.ms", TIMEOUT_MS);
  // Each batch of envelopes is flushed: lingering only keeps its records in one request.
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("compression.type", "zstd"),
          entry("linger.ms", 100),
          entry("batch.size", 512 << 10),
          entry("buffer.memory", 8 << 20),
          entry("enable.metrics.push", false),
          entry("metric.reporters", ""),
          entry("max.block.ms", TIMEOUT_MS),
          entry("request.timeout.ms", 3_000),
          entry("delivery.timeout.ms", TIMEOUT_MS));
  private static final Map<String, Object> FIXED =
      Map.ofEntries(
          entry("key.serializer", StringSerializer.class),
          entry("value.serializer", ByteArraySerializer.class),
          entry("acks", "all"),
          entry("enable.idempotence", true),
          entry("max.in.flight.requests.per.connection", 1),
          entry("max.request.size", Topic.MAX_MESSAGE_BYTES));

  private final KafkaProducer<String, byte[]> producer;
  private final BrokerAccess access;
  private final String logs;
  private final Map<TopicPartition, Long> lastOffsets = new HashMap<>();

  private Publication(KafkaProducer<String, byte[]> producer, BrokerAccess access, String logs) {
    this.producer = producer;
    this.access = access;
    this.logs = logs;
  }

  static Publication open(BrokerAccess access) throws IOException {
    try (Admin admin = Admin.create(access.properties(ADMIN_DEFAULTS, Map.of()))) {
      Topics.ensure(admin, access, Optional.empty());
      return new Publication(
          new KafkaProducer<>(access.properties(DEFAULTS, FIXED)), access, Topics.identity(admin));
    } catch (ExecutionException | KafkaException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting: address=" + access.address(), e);
    }
  }

  /**
   * Creates and closes a broker's clients without connecting.
   *
   * @throws KafkaException if the settings do not suit them
   */
  static void tryOut(BrokerAccess access) {
    Admin.create(access.properties(ADMIN_DEFAULTS, Map.of())).close(Duration.ZERO);
    new KafkaProducer<String, byte[]>(access.properties(DEFAULTS, FIXED)).close(Duration.ZERO);
  }

  /** Identifies the topics' logs: another cluster or a recreated topic has another identity. */
  String logs() {
    return logs;
  }

  /** Returns when the broker has acknowledged all; after an exception, close. */
  void publish(List<RawEnvelope> envelopes) throws IOException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (RawEnvelope envelope : envelopes) {
        sent.add(producer.send(CloudEventRecords.write(envelope), (ok, e) -> closeOn(e)));
      }
      producer.flush();
      for (Future<RecordMetadata> acknowledged : sent) {
        requireGrown(acknowledged.get());
      }
    } catch (ExecutionException | RuntimeException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while publishing", e);
    }
  }

  /** A topic that is recreated under a connection numbers its records from 0 again. */
  private void requireGrown(RecordMetadata record) throws IOException {
    if (!record.hasOffset()) {
      return;
    }
    var log = new TopicPartition(record.topic(), record.partition());
    Long last = lastOffsets.put(log, record.offset());
    if (last != null && record.offset() <= last) {
      throw new IOException(
          "a topic's log must grow: topic=%s, last offset=%d, now=%d; its events are shipped anew"
              .formatted(record.topic(), last, record.offset()));
    }
  }

  private void closeOn(@Nullable Exception failure) {
    if (failure != null) {
      producer.close(Duration.ZERO);
    }
  }

  /** Does not fail in a thread that is interrupted, which stays so. */
  @Override
  public void close() {
    try {
      producer.close(Duration.ZERO);
    } catch (InterruptException e) {
      // The producer's thread has been asked to end, and does.
      Thread.currentThread().interrupt();
    }
  }
}
