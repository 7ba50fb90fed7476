package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.file.EspalierHome;
import io.espalier.telemetry.event.ContractFiles;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsCommandTest {
  @TempDir private static Path shared;
  private static EmbeddedBroker broker;
  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void removeTopics() throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(admin.listTopics().names().get()).all().get();
      while (!admin.listTopics().names().get().isEmpty()) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void topics_missing_areListedWithTheWayOut() {
    CommandRun run = CommandRun.of("topics", "--kafka", broker.address());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().lines())
        .hasSize(7)
        .contains(
            "espalier.runs.v1     missing           -               -          -                 "
                + " -");
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("missing=espalier.runs.v1, espalier.events.v1, ", "'espalier topics --create'");
  }

  @Test
  void topics_created_areOkFromThenOn() {
    CommandRun created =
        CommandRun.of(
            "topics", "--kafka", broker.address(), "--create", "--replication-factor", "1");
    CommandRun checked = CommandRun.of("topics", "--kafka", broker.address());

    assertThat(created.exitCode()).isZero();
    assertThat(created.out().lines().skip(1)).allMatch(line -> line.contains("ok, created"));
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.err()).isEmpty();
    assertThat(checked.out().lines())
        .containsExactly(
            "topic                state  partitions  cleanup.policy  retention      "
                + " max.message.bytes",
            "espalier.runs.v1     ok              1  compact         newest per key           "
                + " 2097152",
            "espalier.events.v1   ok              1  delete          30 d                     "
                + " 2097152",
            "espalier.metrics.v1  ok              1  delete          7 d                      "
                + " 2097152",
            "espalier.masks.v1    ok              1  compact         newest per key           "
                + " 2097152",
            "espalier.clients.v1  ok              1  delete          7 d                      "
                + " 2097152",
            "espalier.system.v1   ok              1  delete          1 d                      "
                + " 2097152");
  }

  @Test
  void topics_thatDiffer_areNamedWithFoundWantedAndTheWayOut() throws Exception {
    create(Topic.RUNS, 1, Map.of("cleanup.policy", "delete"));
    create(Topic.EVENTS, 2, Map.of("retention.ms", "1800000"));

    CommandRun run = CommandRun.of("topics", "--kafka", broker.address(), "--create");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("differs: cleanup.policy delete, not compact", "differs: partitions 2, not 1");
    assertThat(run.err().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("topic=espalier.runs.v1, cleanup.policy=delete")
                    .contains("kafka-configs.sh --bootstrap-server " + broker.address())
                    .contains("--add-config cleanup.policy=compact,max.message.bytes=2097152"))
        .anySatisfy(line -> assertThat(line).contains("partitions=2", "delete the topic"))
        .anySatisfy(line -> assertThat(line).contains("retention.ms is your choice", "1800000"))
        .hasSize(3);
  }

  @Test
  void topics_otherRetention_isNoError() throws Exception {
    CommandRun.of("topics", "--kafka", broker.address(), "--create");
    delete(Topic.METRICS);
    create(Topic.METRICS, 1, with(Topic.METRICS, "retention.ms", "-1"));

    CommandRun run = CommandRun.of("topics", "--kafka", broker.address());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("for good");
    assertThat(run.err()).startsWith("espalier: retention.ms is your choice");
  }

  @Test
  void topics_json_tellsTheSame() throws Exception {
    create(Topic.MASKS, 4, Map.of());

    CommandRun run = CommandRun.of("topics", "--kafka", broker.address(), "--create", "--json");

    JsonNode topics = new ObjectMapper().readTree(run.out());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(topics).hasSize(6);
    assertThat(topics.at("/0/state").asText()).isEqualTo("ok");
    assertThat(topics.at("/0/created").asBoolean()).isTrue();
    assertThat(topics.at("/0/settings/max.message.bytes").asText()).isEqualTo("2097152");
    assertThat(topics.at("/3/state").asText()).isEqualTo("differs");
    assertThat(topics.at("/3/differences/0").toString())
        .isEqualTo("{\"setting\":\"partitions\",\"found\":\"4\",\"wanted\":\"1\",\"breaks\":true}");
  }

  @Test
  void topics_creationIsRefused_saysWhyAndWhatIsMissing() {
    CommandRun run =
        CommandRun.of(
            "topics", "--kafka", broker.address(), "--create", "--replication-factor", "2");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("InvalidReplicationFactorException");
    assertThat(run.out()).contains("missing");
  }

  @Test
  void topics_brokerOfTheHome_isFound() throws IOException {
    try (Broker home = Broker.open(EspalierHome.path(), Optional.empty())) {
      assertThat(CommandRun.of("topics", "--create").exitCode()).isZero();
      assertThat(home.kind()).isEqualTo(Broker.Kind.EMBEDDED);
    }
  }

  @Test
  void topics_withoutBroker_isRefused() {
    CommandRun none = CommandRun.of("topics");
    CommandRun silent = CommandRun.of("topics", "--kafka", "127.0.0.1:1");

    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("a broker must be up", "--kafka");
    assertThat(silent.exitCode()).isEqualTo(2);
    assertThat(silent.err()).contains("the broker must answer: address=127.0.0.1:1");
  }

  @Test
  void topics_optionsThatDoNotGoTogether_areRefused() {
    assertThat(CommandRun.of("topics", "--replication-factor", "3").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("topics", "--create", "--replication-factor", "0").err())
        .contains("must be 1 or more");
    assertThat(CommandRun.of("topics", "--schemas", directory.toString(), "--json").err())
        .contains("--schemas must stand alone");
  }

  @Test
  void schemas_areWrittenIntoANewDirectoryAndOverOldOnes() throws IOException {
    Path wanted = directory.resolve("new/contract");

    CommandRun run = CommandRun.of("topics", "--schemas", wanted.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsExactlyElementsOf(
            ContractFiles.names().stream().map(name -> "wrote " + wanted.resolve(name)).toList());
    assertThat(wanted.resolve("asyncapi.yaml"))
        .hasBinaryContent(ContractFiles.content("asyncapi.yaml"));
    assertThat(CommandRun.of("topics", "--schemas", wanted.toString()).exitCode()).isZero();
  }

  @Test
  void schemas_intoAFile_areRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "mine");

    CommandRun run = CommandRun.of("topics", "--schemas", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("the directory to write to must be one, or not exist yet: --schemas=");
    assertThat(file).hasContent("mine");
  }

  private static Map<String, String> with(Topic topic, String setting, String value) {
    Map<String, String> settings = new HashMap<>(topic.settings());
    settings.put(setting, value);
    return settings;
  }

  private static void create(Topic topic, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty())
                      .configs(settings)))
          .all()
          .get();
      while (!admin.listTopics().names().get().contains(topic.topicName())) {
        Thread.sleep(10);
      }
    }
  }

  private static void delete(Topic topic) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(topic.topicName())).all().get();
      while (admin.listTopics().names().get().contains(topic.topicName())) {
        Thread.sleep(10);
      }
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.address()));
  }
}
