package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Writes records to the partitions of a topic in turn. Not thread-safe. */
public final class TopicWriter implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 200;
  private static final long RETRY_MS = 50;

  private final KafkaProducer<byte[], byte[]> producer;
  private final BrokerAccess access;
  private final String topic;
  private final int partitions;
  private long sent;
  private volatile Optional<Exception> refusal = Optional.empty();

  private TopicWriter(
      KafkaProducer<byte[], byte[]> producer, BrokerAccess access, String topic, int partitions) {
    this.producer = producer;
    this.access = access;
    this.topic = topic;
    this.partitions = partitions;
  }

  /**
   * Opens a topic, created with {@code newPartitions} if missing.
   *
   * @throws IOException if the broker does not answer or does not allow it
   */
  public static TopicWriter open(BrokerAccess access, String topic, int newPartitions)
      throws IOException {
    try (Admin admin = TopicClients.admin(access)) {
      create(admin, topic, newPartitions);
      int partitions = partitions(admin, topic);
      return new TopicWriter(TopicClients.producer(access), access, topic, partitions);
    } catch (ExecutionException | KafkaException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening a topic: topic=" + topic, e);
    }
  }

  private static void create(Admin admin, String topic, int partitions)
      throws ExecutionException, InterruptedException {
    if (admin.listTopics().names().get().contains(topic)) {
      return;
    }
    try {
      NewTopic made = new NewTopic(topic, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(made)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /** A new topic is not known to all parts of a broker at once. */
  private static int partitions(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return TopicClients.describe(admin, topic).partitions().size();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    }
    return TopicClients.describe(admin, topic).partitions().size();
  }

  public int partitions() {
    return partitions;
  }

  /** Continues as if {@code records} had been sent. */
  public void skipTo(long records) {
    sent = records;
  }

  public long sent() {
    return sent;
  }

  /**
   * Sends a record to the next partition in turn.
   *
   * @throws IOException if the broker does not take it
   */
  public void send(byte[] value, String contentType) throws IOException {
    var record =
        new ProducerRecord<byte[], byte[]>(topic, (int) (sent++ % partitions), null, value);
    record.headers().add("content-type", contentType.getBytes(StandardCharsets.UTF_8));
    try {
      requireTaken();
      var unused = producer.send(record, (taken, refused) -> note(refused));
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  public void flush() throws IOException {
    producer.flush();
    requireTaken();
  }

  private void note(@Nullable Exception refused) {
    if (refused != null && refusal.isEmpty()) {
      refusal = Optional.of(refused);
    }
  }

  private void requireTaken() throws IOException {
    if (refusal.isPresent()) {
      throw access.problem(refusal.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
