package io.espalier.service.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import io.espalier.configs.file.Json;
import io.espalier.service.run.RunLauncher;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.KafkaClientSettings;
import io.espalier.training.RunResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A line of JSON between a service and a worker. A service that was not restarted yet may start
 * workers of a newer version: fields may be added, and {@link #PROTOCOL} rises with other changes.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = WorkerMessage.Start.class, name = "start"),
  @JsonSubTypes.Type(value = WorkerMessage.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = WorkerMessage.Checkpoint.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = WorkerMessage.Cancel.class, name = "cancel"),
  @JsonSubTypes.Type(value = WorkerMessage.Interrupt.class, name = "interrupt"),
  @JsonSubTypes.Type(value = WorkerMessage.Started.class, name = "started"),
  @JsonSubTypes.Type(value = WorkerMessage.Progressed.class, name = "progressed"),
  @JsonSubTypes.Type(value = WorkerMessage.Checkpointed.class, name = "checkpointed"),
  @JsonSubTypes.Type(value = WorkerMessage.Alerted.class, name = "alerted"),
  @JsonSubTypes.Type(value = WorkerMessage.Alive.class, name = "alive")
})
sealed interface WorkerMessage {
  int PROTOCOL = 1;

  /**
   * The first message to a worker: execute an attempt.
   *
   * @param home of Espalier
   * @param kafka address of the external broker; absent for that of the home
   * @param kafkaSettings of its clients, which may be secrets
   * @param authority directory of the authority that certifies clients of a federation
   */
  record Start(
      int protocol,
      Path home,
      RunLauncher.Order order,
      Optional<String> kafka,
      Map<String, String> kafkaSettings,
      Optional<Path> authority)
      implements WorkerMessage {
    static Start of(
        Path home,
        RunLauncher.Order order,
        Optional<BrokerAccess> kafka,
        Optional<Path> authority) {
      return new Start(
          PROTOCOL,
          home,
          order,
          kafka.map(BrokerAccess::address),
          kafka.map(access -> access.settings().values()).orElse(Map.of()),
          authority);
    }

    Optional<BrokerAccess> access() {
      return kafka.map(address -> new BrokerAccess(address, KafkaClientSettings.of(kafkaSettings)));
    }
  }

  record Pause() implements WorkerMessage {}

  record Checkpoint() implements WorkerMessage {}

  record Cancel() implements WorkerMessage {}

  record Interrupt(String cause) implements WorkerMessage {}

  record Started(long startStep, long totalSteps) implements WorkerMessage {}

  record Progressed(RunLauncher.Progress progress) implements WorkerMessage {}

  record Checkpointed(long step) implements WorkerMessage {}

  record Alerted(String kind, long step, String text) implements WorkerMessage {}

  /** The run's coordinator, or before and after training its thread, does not hang. */
  record Alive() implements WorkerMessage {}

  /** The last message of a worker: the JSON of the attempt's result. */
  record Ended(RunResult result) implements WorkerMessage {
    @Override
    public byte[] line() {
      return Format.line(Format.RESULT_WRITER, result);
    }
  }

  /** Returns the JSON between two line breaks: other code may have printed half a line before. */
  default byte[] line() {
    return Format.line(Format.WRITER, this);
  }

  /** The message of a line; empty for what other code prints. */
  static Optional<WorkerMessage> parse(String line) {
    if (!line.startsWith("{\"type\":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Format.READER.readValue(line));
    } catch (InvalidTypeIdException e) {
      return parseResult(line);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<WorkerMessage> parseResult(String line) {
    try {
      return Optional.of(new Ended(Format.RESULT_READER.readValue(line)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The mapping of messages to JSON. */
  final class Format {
    private static final ObjectWriter WRITER = Json.LENIENT.writerFor(WorkerMessage.class);
    private static final ObjectReader READER = Json.LENIENT.readerFor(WorkerMessage.class);
    private static final ObjectWriter RESULT_WRITER = Json.LENIENT.writerFor(RunResult.class);
    private static final ObjectReader RESULT_READER = Json.LENIENT.readerFor(RunResult.class);

    private Format() {}

    private static byte[] line(ObjectWriter writer, Object message) {
      try {
        return ("\n" + writer.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a message must be written as JSON: " + message, e);
      }
    }
  }
}
