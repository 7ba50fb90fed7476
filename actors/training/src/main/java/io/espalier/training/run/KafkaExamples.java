package io.espalier.training.run;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.Kafka.Start;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.TopicReader;
import io.espalier.telemetry.kafka.TopicReader.TopicLostException;
import io.espalier.telemetry.kafka.TopicStart;
import io.espalier.trainer.stream.ExampleFormat;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.ExampleStream.StreamFailedException;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The examples of a topic. Where a run begins to read is resolved once and kept in its directory,
 * so that it begins there again if it dies before its first checkpoint. Thread-safe.
 */
final class KafkaExamples implements ExampleStream, AutoCloseable {
  private static final Duration BROKER_LIMIT = Duration.ofSeconds(60);
  private static final long BROKER_POLL_MS = 50;

  private final TopicStart topic;
  private final Broker broker;
  private final StreamMonitor watch;
  private final Consumer<Event> events;
  private volatile boolean closed;

  /** The broker that the topic is on, which may come late and move. */
  public interface Broker {
    /** How clients connect; empty while there is none. */
    Optional<BrokerAccess> access();

    /** Why there is none. */
    Optional<String> problem();
  }

  private KafkaExamples(TopicStart topic, Broker broker, Consumer<Event> events) {
    this.topic = topic;
    this.broker = broker;
    this.events = events;
    this.watch = new StreamMonitor(topic, events, System::nanoTime);
  }

  /**
   * Opens the stream of a run, whose directory says where it began or is told so now; only for the
   * latter the broker must be there.
   *
   * @throws io.espalier.configs.InvalidConfigException if the topic is missing
   * @throws IOException if the broker does not answer
   */
  public static KafkaExamples open(
      DataConfig.Kafka config, Path runDirectory, Broker broker, Consumer<Event> events)
      throws IOException {
    StreamStartFile file = new StreamStartFile(runDirectory);
    Optional<TopicStart> begun = file.read();
    if (begun.isPresent()) {
      return new KafkaExamples(begun.get(), broker, events);
    }
    TopicStart start =
        TopicStart.resolve(
            await(broker),
            config.topic(),
            config.partitions(),
            config.start() == Start.EARLIEST ? TopicStart.Edge.EARLIEST : TopicStart.Edge.LATEST);
    file.write(start);
    return new KafkaExamples(start, broker, events);
  }

  private static BrokerAccess await(Broker broker) throws IOException {
    long deadline = System.nanoTime() + BROKER_LIMIT.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        Optional<BrokerAccess> access = broker.access();
        if (access.isPresent()) {
          return access.get();
        }
        Thread.sleep(BROKER_POLL_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(
        "there must be a broker to read a stream from: %s; name one with --kafka"
            .formatted(broker.problem().orElse("none has started")));
  }

  /** Says where this attempt begins to read. */
  public void begin(StreamPosition at) {
    watch.begin(at.offsets());
    events.accept(
        new HostEvent.StreamOpened(
            topic.topic(), topic.topicId(), topic.partitions(), at.offsets()));
  }

  @Override
  public StreamPosition start() {
    return StreamPosition.startingAt(topic.offsets());
  }

  @Override
  public Reader open(StreamPosition from, ExampleFormat format) {
    Supplier<Optional<BrokerAccess>> access = broker::access;
    return new PartitionsReader(
        new TopicReader<>(
            access,
            topic,
            from.offsets(),
            (offset, contentType, value) ->
                new StreamRecord(offset, format.decode(contentType, value))));
  }

  @Override
  public void skipped(int partition, StreamRecord record, StreamRecord.Malformed content) {
    watch.skipped(partition, record.offset(), content.reason());
  }

  /** Ends all waiting for records. */
  @Override
  public void close() {
    closed = true;
    watch.tellSkips();
  }

  /** Notes how long a partition is waited for. Confined to one thread. */
  private final class PartitionsReader implements Reader {
    private final TopicReader<StreamRecord> records;
    private long waitingSinceNs = -1;

    PartitionsReader(TopicReader<StreamRecord> records) {
      this.records = records;
    }

    @Override
    public Optional<StreamRecord> next(int partition, Duration limit) {
      if (closed) {
        throw new StreamFailedException("a stream must be open to be read");
      }
      long startNs = System.nanoTime();
      try {
        Optional<StreamRecord> record = records.next(partition, limit);
        note(partition, record.isPresent(), startNs);
        return record;
      } catch (TopicLostException e) {
        throw new StreamFailedException(String.valueOf(e.getMessage()));
      }
    }

    private void note(int partition, boolean came, long startNs) {
      long waitingNs = waitingSinceNs < 0 ? 0 : System.nanoTime() - waitingSinceNs;
      if (came) {
        if (waitingSinceNs >= 0) {
          waitingSinceNs = -1;
          watch.flows(waitingNs / 1e9);
        }
      } else if (waitingSinceNs < 0) {
        waitingSinceNs = startNs;
      } else {
        watch.waits(partition, waitingNs / 1e9, records.problem());
      }
    }

    @Override
    public void close() {
      records.close();
    }
  }
}
