package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.CloudEventRecords;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.view.ReadModel;
import io.espalier.telemetry.view.Subject;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose directories have one name, on one broker. */
final class RunIdentityTest {
  private static final String SHORT = "train.epochs=2";

  @TempDir private Path directory;

  @Test
  void runs_ofOneDirectoryName_areDifferentOnKafkaInTheDashboardAndInTail() throws IOException {
    DigitsRun run = DigitsRun.of(directory, SHORT);
    Path here = directory.resolve("a/r1");
    Path there = directory.resolve("b/r1");
    List<RunId> ids = new ArrayList<>();
    List<RawEnvelope> told = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      for (Path out : List.of(here, there, there)) {
        delete(out);
        run.execute(out, directory, broker.address());
        ids.add(RunIdFile.read(out));
        told.addAll(OutboxReader.readAll(out));
      }

      List<RawEnvelope> shipped = shipped(BrokerAccess.of(broker.address()));

      assertThat(ids).doesNotHaveDuplicates();
      assertThat(ids).allMatch(id -> id.value().matches("r1-\\d{8}-\\d{6}-[a-z2-7]{6}"));
      assertThat(shipped).containsExactlyInAnyOrderElementsOf(told);
      assertThat(shipped).extracting(RawEnvelope::id).doesNotHaveDuplicates();
      assertThat(runsOf(shipped.stream().map(each -> each.key().split(":", 2)[0])))
          .isEqualTo(of(ids));
      assertThat(runsOf(shipped.stream().map(each -> each.source().split("/", 2)[0])))
          .isEqualTo(of(ids));
      assertThat(listed(shipped)).isEqualTo(of(ids));
      assertThat(tailed(here)).containsOnly(ids.get(0));
      assertThat(tailed(there)).containsOnly(ids.get(2));
    }
    assertThat(summary(there).path("run").asText()).isEqualTo("r1");
    assertThat(summary(there).path("id").asText()).isEqualTo(ids.get(2).value());
    for (String file : List.of("model.safetensors", "masks.safetensors")) {
      assertThat(Sha256.ofFile(here.resolve(file))).isEqualTo(Sha256.ofFile(there.resolve(file)));
    }
  }

  @Test
  void resume_ofARun_keepsItsIdentity() throws IOException {
    DigitsRun run = DigitsRun.of(directory, SHORT);
    Path out = directory.resolve("r1");
    RunId id;
    try (RunDirectory begun = RunDirectory.create(out, run.recipe().text())) {
      id = begun.id();
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      run.resume(out, directory, broker.address());
    }

    assertThat(RunIdFile.read(out)).isEqualTo(id);
    assertThat(tailed(out)).containsOnly(id);
  }

  @Test
  void resume_ofARunOfAnEarlierVersion_keepsTheNameOfItsDirectory() throws IOException {
    DigitsRun run = DigitsRun.of(directory, SHORT);
    Path out = Files.createDirectory(directory.resolve("r1"));
    Files.writeString(out.resolve("recipe.conf"), run.recipe().text());

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      run.resume(out, directory, broker.address());

      try (EventTail tail = EventTail.of("r1", BrokerAccess.of(broker.address()), false)) {
        assertThat(tail).toIterable().anyMatch(each -> each.event() instanceof RunFinished);
      }
    }
    assertThat(tailed(out)).containsOnly(new RunId("r1"));
    assertThat(summary(out).path("id").asText()).isEqualTo("r1");
    assertThat(out.resolve(RunIdFile.NAME)).doesNotExist();
  }

  private static List<RawEnvelope> shipped(BrokerAccess access) throws IOException {
    List<RawEnvelope> all = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = CloudEventRecords.consumer(access, Map.of())) {
      Map<TopicPartition, Long> ends =
          consumer.endOffsets(
              Arrays.stream(Topic.values())
                  .map(topic -> new TopicPartition(topic.topicName(), 0))
                  .toList());
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          all.add(CloudEventRecords.read(record));
        }
      }
    }
    return all;
  }

  /** The runs in the dashboard's list, after these events. */
  private static Set<String> listed(List<RawEnvelope> events) throws IOException {
    ReadModel model = new ReadModel(Clock.systemUTC());
    for (RawEnvelope event : events) {
      event.decode().ifPresent(model::take);
    }
    JsonNode list = model.subscribe(List.of(Subject.RUNS)).poll().get(0);
    return runsOf(list.path("parts").propertyStream().map(Map.Entry::getKey));
  }

  private static Set<String> runsOf(Stream<String> ids) {
    return ids.collect(Collectors.toSet());
  }

  private static Set<String> of(List<RunId> ids) {
    return runsOf(ids.stream().map(RunId::value));
  }

  private static List<RunId> tailed(Path out) throws IOException {
    List<RunId> runs = new ArrayList<>();
    try (EventTail tail = EventTail.of(out, false)) {
      tail.forEachRemaining(each -> runs.add(each.run()));
    }
    return runs;
  }

  private static JsonNode summary(Path out) throws IOException {
    return Json.STRICT.readTree(out.resolve("summary.json").toFile());
  }

  private static void delete(Path out) throws IOException {
    if (Files.exists(out)) {
      try (Stream<Path> files = Files.walk(out)) {
        for (Path each : files.sorted((one, other) -> other.compareTo(one)).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
