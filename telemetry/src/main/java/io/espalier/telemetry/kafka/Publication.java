package io.espalier.telemetry.kafka;

import io.espalier.telemetry.event.RawEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one broker over which envelopes are published in order.
 *
 * <p>One batch is in flight at a time, and the first that fails closes the connection: nothing
 * later overtakes it, and what is sent again on a new connection arrives in order. Not thread-safe.
 */
final class Publication implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;

  private final KafkaProducer<String, byte[]> producer;
  private final String cluster;

  private Publication(KafkaProducer<String, byte[]> producer, String cluster) {
    this.producer = producer;
    this.cluster = cluster;
  }

  /** Connects, and creates missing topics. */
  static Publication open(String address) throws IOException {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", address,
                "request.timeout.ms", 2_000,
                "default.api.timeout.ms", 3_000))) {
      String cluster = admin.describeCluster().clusterId().get();
      Topics.ensure(admin);
      return new Publication(new KafkaProducer<>(settings(address)), cluster);
    } catch (ExecutionException | KafkaException e) {
      throw new IOException("the broker must answer: address=" + address + ", cause=" + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting: address=" + address, e);
    }
  }

  private static Map<String, Object> settings(String address) {
    return Map.ofEntries(
        Map.entry("bootstrap.servers", address),
        Map.entry("key.serializer", StringSerializer.class),
        Map.entry("value.serializer", ByteArraySerializer.class),
        Map.entry("acks", "all"),
        Map.entry("enable.idempotence", true),
        Map.entry("max.in.flight.requests.per.connection", 1),
        Map.entry("compression.type", "zstd"),
        Map.entry("linger.ms", 5),
        Map.entry("buffer.memory", 4 << 20),
        Map.entry("max.request.size", Topics.MAX_MESSAGE_BYTES),
        Map.entry("max.block.ms", 500),
        Map.entry("request.timeout.ms", 3_000),
        Map.entry("delivery.timeout.ms", TIMEOUT_MS));
  }

  /** Id of the cluster behind the address. */
  String cluster() {
    return cluster;
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
        acknowledged.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      throw new IOException("the broker must acknowledge: cause=" + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while publishing", e);
    }
  }

  private void closeOn(@Nullable Exception failure) {
    if (failure != null) {
      producer.close(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
