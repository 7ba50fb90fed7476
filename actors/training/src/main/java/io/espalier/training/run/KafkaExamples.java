package io.espalier.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.KafkaConfig.Start;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.TopicReader;
import io.espalier.telemetry.kafka.TopicReader.TopicLostException;
import io.espalier.telemetry.kafka.TopicStart;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.ExampleStream.StreamFailedException;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The examples of a topic. The start offsets are resolved once and kept in {@code stream.json}, for
 * a run that dies before its first checkpoint. Thread-safe.
 */
final class KafkaExamples implements ExampleStream, AutoCloseable {
  private static final Duration BROKER_LIMIT = Duration.ofSeconds(60);
  private static final long BROKER_POLL_MS = 50;

  private final TopicStart topic;
  private final RunTelemetry broker;
  private final StreamMonitor monitor;
  private final Consumer<Event> events;
  private volatile boolean closed;

  private KafkaExamples(TopicStart topic, RunTelemetry broker, Consumer<Event> events) {
    this.topic = topic;
    this.broker = broker;
    this.events = events;
    this.monitor = new StreamMonitor(topic, events, System::nanoTime);
  }

  /**
   * Opens the stream on the broker of the run; empty if its examples are no stream. Only the first
   * attempt needs the broker for it.
   *
   * @throws io.espalier.configs.InvalidConfigException if the topic is missing
   * @throws IOException if the broker does not answer
   */
  static Optional<KafkaExamples> open(RunSession.Request request, RunRecorder recorder)
      throws IOException {
    if (!(request.run().config().data().source() instanceof KafkaConfig config)) {
      return Optional.empty();
    }
    RunTelemetry broker = recorder.telemetry();
    Path file = request.directory().path().resolve("stream.json");
    Optional<TopicStart> begun = read(file);
    if (begun.isPresent()) {
      return Optional.of(new KafkaExamples(begun.get(), broker, recorder::record));
    }
    TopicStart start =
        TopicStart.resolve(
            await(broker),
            config.topic(),
            config.partitions(),
            config.start() == Start.EARLIEST ? TopicStart.Edge.EARLIEST : TopicStart.Edge.LATEST);
    byte[] json = Json.STRICT.writerWithDefaultPrettyPrinter().writeValueAsBytes(start);
    AtomicFile.write(file, out -> out.write(json));
    return Optional.of(new KafkaExamples(start, broker, recorder::record));
  }

  private static Optional<TopicStart> read(Path file) throws IOException {
    try {
      return Files.exists(file)
          ? Optional.of(Json.STRICT.readValue(Files.readAllBytes(file), TopicStart.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      throw InvalidConfigException.of(
          file.toString(),
          "must say where the run began to read its topic: %s; start a new run"
              .formatted(e.getOriginalMessage()));
    }
  }

  private static BrokerAccess await(RunTelemetry broker) throws IOException {
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

  void begin(StreamPosition at) {
    monitor.begin(at.offsets());
    events.accept(
        new HostEvent.StreamOpened(
            topic.topic(), topic.topicId(), topic.partitions(), at.offsets()));
  }

  @Override
  public StreamPosition start() {
    return StreamPosition.startingAt(topic.offsets());
  }

  @Override
  public Reader open(StreamPosition from, RecordFormat format) {
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
    monitor.skipped(partition, record.offset(), content.reason());
  }

  /** Ends all waiting for records. */
  @Override
  public void close() {
    closed = true;
    monitor.reportSkips();
  }

  /** Measures how long a partition is silent. Confined to one thread. */
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
          monitor.flows(waitingNs / 1e9);
        }
      } else if (waitingSinceNs < 0) {
        waitingSinceNs = startNs;
      } else {
        monitor.waits(partition, waitingNs / 1e9, records.problem());
      }
    }

    @Override
    public void close() {
      records.close();
    }
  }
}
