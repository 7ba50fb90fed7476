package io.espalier.service.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.TrainersOnNode;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.KafkaClientSettings;
import io.espalier.training.RunResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerMessageTest {
  private static final RunLauncher.Order ORDER =
      new RunLauncher.Order(
          "pear-1",
          Path.of("/runs/pear 1"),
          "name = pear\nseed = 1",
          3,
          List.of(new TrainersOnNode("local", 2)),
          512,
          Optional.empty());

  static Stream<WorkerMessage> messages() {
    return Stream.of(
        WorkerMessage.Start.of(Path.of("/home"), ORDER, Optional.empty(), Optional.empty()),
        WorkerMessage.Start.of(
            Path.of("/home"),
            ORDER,
            Optional.of(BrokerAccess.of("k:9092")),
            Optional.of(Path.of("/authority"))),
        new WorkerMessage.Pause(),
        new WorkerMessage.Checkpoint(),
        new WorkerMessage.Cancel(),
        new WorkerMessage.Interrupt("the service was stopped"),
        new WorkerMessage.Started(5, 100),
        new WorkerMessage.Progressed(new RunLauncher.Progress(7, OptionalDouble.of(0.5), 0.25)),
        new WorkerMessage.Progressed(new RunLauncher.Progress(7, OptionalDouble.empty(), 0)),
        new WorkerMessage.Checkpointed(9),
        new WorkerMessage.Alerted("dead-units", 9, "most outputs have no weight"),
        new WorkerMessage.Alive());
  }

  private static Stream<RunResult> results() {
    return Stream.of(
        RunResult.Finished.recorded(100, 0.9, 0.8),
        new RunResult.Finished(
            100, 0.5, OptionalDouble.of(2.4), 0.8, Optional.empty(), Optional.of("no broker")),
        new RunResult.Paused(9),
        new RunResult.Cancelled(9),
        new RunResult.Interrupted(9, "the service was stopped"),
        new RunResult.NodeLost(9, "a node is gone"),
        new RunResult.Crashed(9, "exit code 137"),
        new RunResult.Fenced(4),
        new RunResult.Failed(9, "line 1\nline 2 \"quoted\" é", true));
  }

  private static Stream<WorkerMessage> all() {
    return Stream.concat(messages(), results().map(WorkerMessage.Ended::new));
  }

  @ParameterizedTest
  @MethodSource("all")
  void message_writtenAsALine_isRead(WorkerMessage message) {
    String line = new String(message.line(), StandardCharsets.UTF_8);

    assertThat(line).startsWith("\n").endsWith("\n").hasLineCount(2);
    assertThat(WorkerMessage.parse(line.strip())).contains(message);
  }

  @Test
  void samples_coverEveryMessage() {
    Set<Class<?>> known = new HashSet<>();
    all().forEach(message -> known.add(message.getClass()));

    assertThat(known).containsAll(leaves(WorkerMessage.class));
  }

  private static Set<Class<?>> leaves(Class<?> sealed) {
    Set<Class<?>> leaves = new HashSet<>();
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      if (each.isSealed()) {
        leaves.addAll(leaves(each));
      } else {
        leaves.add(each);
      }
    }
    return leaves;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "step 5", "{\"type\":\"none\"}", "{\"type\":\"paused\",\"step\":", "{}"})
  void line_ofOtherCode_isNoMessage(String line) {
    assertThat(WorkerMessage.parse(line)).isEmpty();
  }

  @Test
  void fieldOfALaterVersion_isIgnored() {
    assertThat(WorkerMessage.parse("{\"type\":\"paused\",\"step\":5,\"why\":\"later\"}"))
        .contains(new WorkerMessage.Ended(new RunResult.Paused(5)));
  }

  @Test
  void samples_coverEveryResult() {
    Set<Class<?>> known = new HashSet<>();
    results().forEach(result -> known.add(result.getClass()));

    assertThat(known).containsAll(leaves(RunResult.class));
  }

  @Test
  void result_ofAWorkerOfBefore_isRead() {
    assertThat(
            WorkerMessage.parse(
                "{\"type\":\"finished\",\"step\":100,\"accuracy\":0.9,\"sparsity\":0.8,"
                    + "\"leftToShip\":null,\"bitsPerCharacter\":null}"))
        .contains(new WorkerMessage.Ended(RunResult.Finished.recorded(100, 0.9, 0.8)));
  }

  @Test
  void brokerAndItsSettings_reachTheWorker() throws InvalidConfigException {
    BrokerAccess access =
        new BrokerAccess("k:9092", KafkaClientSettings.of(Map.of("client.id", "pear")));

    BrokerAccess read =
        WorkerMessage.Start.of(Path.of("/home"), ORDER, Optional.of(access), Optional.empty())
            .access()
            .orElseThrow();

    assertThat(read.address()).isEqualTo("k:9092");
    assertThat(read.settings().values()).containsExactly(Map.entry("client.id", "pear"));
  }
}
