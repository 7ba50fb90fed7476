package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions of a topic ahead of its consumer, from given offsets, in its own thread, without
 * a consumer group. It retries endlessly while the broker is away. {@link #next} is for one thread;
 * other methods are for any.
 */
public final class TopicReader<T> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final long FIRST_CHECK_NS = Duration.ofSeconds(3).toNanos();
  private static final long NEXT_CHECK_NS = Duration.ofSeconds(15).toNanos();
  private static final long MISSING_LIMIT_NS = Duration.ofSeconds(10).toNanos();

  private final Supplier<Optional<BrokerAccess>> broker;
  private final TopicStart topic;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final long[] offsets;
  private final RecordDecoder<T> decoder;
  private final RecordQueues<T> queues;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private volatile Optional<String> problem = Optional.empty();
  private long missingSinceNs = -1;

  private static final class UnreadableTopicException extends Exception {
    UnreadableTopicException(String message) {
      super(message);
    }
  }

  /**
   * Starts to read at {@code offsets}, in partition order; {@code broker} is resolved again after
   * each failure.
   */
  public TopicReader(
      Supplier<Optional<BrokerAccess>> broker,
      TopicStart topic,
      List<Long> offsets,
      RecordDecoder<T> decoder) {
    this.broker = broker;
    this.topic = topic;
    topic.partitions().forEach(each -> partitions.add(new TopicPartition(topic.topic(), each)));
    this.offsets = offsets.stream().mapToLong(Long::longValue).toArray();
    this.decoder = decoder;
    this.queues = new RecordQueues<>(partitions.size());
    this.thread = new Thread(this::readAll, "espalier-stream-" + topic.topic());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Returns the next record of a partition, by its index; empty if none arrived within {@code
   * limit}.
   *
   * @throws TopicLostException if the topic cannot be read any further
   */
  public Optional<T> next(int index, Duration limit) {
    try {
      return queues.take(index, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicLostException("interrupted while waiting for records");
    }
  }

  /** Returns why nothing can be read now; empty if the broker answers. */
  public Optional<String> problem() {
    return problem;
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    thread.interrupt();
  }

  private void readAll() {
    while (!closed) {
      try {
        Optional<BrokerAccess> access = broker.get();
        if (access.isPresent()) {
          read(access.get());
        } else {
          retryAfter("there must be a broker to read from");
        }
      } catch (UnreadableTopicException e) {
        queues.fail(String.valueOf(e.getMessage()));
        return;
      } catch (IOException | RuntimeException e) {
        retryAfter(String.valueOf(e.getMessage()));
      }
    }
  }

  private void retryAfter(String why) {
    problem = Optional.of(why);
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Reads until the broker moves or fails, or the reader is closed. */
  private void read(BrokerAccess access) throws UnreadableTopicException, IOException {
    if (!inspect(access)) {
      retryAfter("the topic must be on the broker: topic=" + topic.topic());
      return;
    }
    try (KafkaConsumer<byte[], byte[]> opened = TopicClients.consumer(access)) {
      consumer = opened;
      opened.assign(partitions);
      for (int i = 0; i < offsets.length; i++) {
        opened.seek(partitions.get(i), offsets[i]);
      }
      long silentSinceNs = System.nanoTime();
      long patienceNs = FIRST_CHECK_NS;
      while (!closed) {
        boolean busy = poll(opened);
        long now = System.nanoTime();
        if (busy) {
          silentSinceNs = now;
          patienceNs = FIRST_CHECK_NS;
          problem = Optional.empty();
        } else if (now - silentSinceNs > patienceNs) {
          if (!broker.get().equals(Optional.of(access)) || !inspect(access)) {
            return;
          }
          silentSinceNs = now;
          patienceNs = NEXT_CHECK_NS;
        }
      }
    } catch (WakeupException e) {
      closed = true;
    } catch (OffsetOutOfRangeException e) {
      throw gone(e);
    } catch (AuthenticationException | AuthorizationException e) {
      throw new UnreadableTopicException(String.valueOf(access.problem(e).getMessage()));
    } catch (KafkaException e) {
      throw access.problem(e);
    } finally {
      consumer = null;
    }
  }

  private boolean poll(KafkaConsumer<byte[], byte[]> opened) {
    List<TopicPartition> full = new ArrayList<>();
    List<TopicPartition> free = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      if (queues.isFull(i)) {
        full.add(partitions.get(i));
      } else if (queues.hasRoom(i)) {
        free.add(partitions.get(i));
      }
    }
    opened.pause(full);
    opened.resume(free);
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
      add(record);
      count++;
    }
    return count > 0 || opened.paused().size() == partitions.size();
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    int index = partitions.indexOf(new TopicPartition(record.topic(), record.partition()));
    Optional<byte[]> value = Optional.ofNullable(record.value());
    T content = decoder.decode(record.offset(), contentType(record), value);
    queues.add(index, content, value.map(bytes -> bytes.length).orElse(0));
    offsets[index] = record.offset() + 1;
  }

  private static Optional<String> contentType(ConsumerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(record.headers().lastHeader("content-type"))
        .map(Header::value)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Whether the topic exists; one that was missing for long, or was recreated, is lost. */
  private boolean inspect(BrokerAccess access) throws UnreadableTopicException, IOException {
    try (Admin admin = TopicClients.admin(access)) {
      TopicDescription found = TopicClients.describe(admin, topic.topic());
      missingSinceNs = -1;
      problem = Optional.empty();
      requireSame(found);
      return true;
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof UnknownTopicOrPartitionException) {
        requireSoon();
        return false;
      }
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        throw new UnreadableTopicException(String.valueOf(access.problem(e).getMessage()));
      }
      throw access.problem(e);
    } catch (InterruptedException e) {
      closed = true;
      return false;
    }
  }

  private void requireSame(TopicDescription found) throws UnreadableTopicException {
    if (!found.topicId().toString().equals(topic.topicId())) {
      throw new UnreadableTopicException(
          "a topic must be the one that the run began with: topic=%s, id=%s, found=%s; it was deleted and made anew, so start a new run"
              .formatted(topic.topic(), topic.topicId(), found.topicId()));
    }
  }

  /** A broker that has just started may not know its topics yet. */
  private void requireSoon() throws UnreadableTopicException {
    long now = System.nanoTime();
    if (missingSinceNs < 0) {
      missingSinceNs = now;
    } else if (now - missingSinceNs > MISSING_LIMIT_NS) {
      throw new UnreadableTopicException(
          "a topic must stay on the broker while a run reads it: topic=%s; it was deleted, so start a new run on another"
              .formatted(topic.topic()));
    }
  }

  private static UnreadableTopicException gone(OffsetOutOfRangeException e) {
    Map.Entry<TopicPartition, Long> first =
        e.offsetOutOfRangePartitions().entrySet().iterator().next();
    return new UnreadableTopicException(
        "a record must still be there to go on: topic=%s, partition=%d, offset=%d; the topic's retention deleted it (or its log lost its end): start a new run, and keep records for longer with retention.ms and retention.bytes"
            .formatted(first.getKey().topic(), first.getKey().partition(), first.getValue()));
  }

  /** A topic cannot be read any further; the message names the remedy. */
  public static final class TopicLostException extends RuntimeException {
    TopicLostException(String message) {
      super(message);
    }
  }

  @FunctionalInterface
  public interface RecordDecoder<T> {
    /** Never throws, whatever the record holds; {@code value} is empty for a record without one. */
    T decode(long offset, Optional<String> contentType, Optional<byte[]> value);
  }
}
