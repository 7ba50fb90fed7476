package io.espalier.telemetry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The home's broker, which was open to all under an earlier version, to Kafka's own clients. */
@Timeout(180)
final class BrokerGuardTest {
  private static final String TOPIC = "espalier.events.v1";

  @TempDir private static Path home;
  private static Broker broker;

  @BeforeAll
  static void start() throws Exception {
    try (EmbeddedBroker open = EmbeddedBroker.start(home.resolve("kafka"));
        Admin admin = Admin.create(anyone(open.address()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      send(anyone(open.address()), "before");
    }
    broker = Broker.open(home, Optional.empty());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void anyone_reads_alsoInAGroup() throws Exception {
    try (Admin admin = Admin.create(anyone())) {
      assertThat(admin.listTopics().names().get()).contains(TOPIC);
      assertThat(TopicClients.describe(admin, TOPIC).partitions()).hasSize(1);
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
      assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
          .singleElement()
          .satisfies(config -> assertThat(config.entries()).isNotEmpty());
    }
    try (var consumer =
        new KafkaConsumer<>(
            with(anyone(), Map.of("group.id", "tool", "auto.offset.reset", "earliest")),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      var records = consumer.poll(Duration.ofSeconds(1));
      while (records.isEmpty()) {
        records = consumer.poll(Duration.ofSeconds(1));
      }
      assertThat(records.iterator().next().value()).isEqualTo("before");
      consumer.commitSync();
    }
  }

  @Test
  void anyone_neitherWritesNorChangesAnything() throws Exception {
    assertThatThrownBy(() -> send(anyone(), "spoofed"))
        .hasCauseInstanceOf(AuthorizationException.class);
    try (Admin admin = Admin.create(anyone())) {
      var partition = new TopicPartition(TOPIC, 0);
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
      var set = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
      var allowAll =
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL),
              new AccessControlEntry(
                  "User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW));

      assertRefused(admin.createTopics(List.of(new NewTopic("mine", 1, (short) 1))).all());
      assertRefused(admin.deleteTopics(List.of(TOPIC)).all());
      assertRefused(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1))).all());
      assertRefused(admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(2))).all());
      assertRefused(admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all());
      assertRefused(admin.createAcls(List.of(allowAll)).all());
      assertThat(admin.listTopics().names().get()).contains(TOPIC).doesNotContain("mine");
    }
  }

  @Test
  void owner_writesAndCreates_withTheSettingsOfTheHome() throws Exception {
    BrokerAccess access = broker.access().orElseThrow();
    BrokerAccess read =
        new BrokerAccess(
            access.address(), KafkaClientSettings.read(home.resolve("broker.properties")));

    try (Admin admin = Admin.create(read.properties(Map.of(), Map.of()))) {
      admin.createTopics(List.of(new NewTopic("own", 1, (short) 1))).all().get();
      send(read.properties(Map.of(), Map.of()), "after");
      admin.deleteTopics(List.of("own")).all().get();
    }

    assertThat(access).isEqualTo(read);
    assertThat(Broker.find(home, Optional.empty())).contains(access);
    assertThat(broker.address().orElseThrow()).isEqualTo(plain());
    assertThat(Files.getPosixFilePermissions(home.resolve("broker.properties")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(read.toString()).doesNotContain("password=");
  }

  @Test
  void password_thatIsWrong_isRefused() {
    BrokerAccess access = broker.access().orElseThrow();
    var wrong = new HashMap<>(access.settings().values());
    wrong.computeIfPresent(
        "sasl.jaas.config", (key, text) -> text.replaceAll("password=\"..", "password=\"xx"));
    var guess = new BrokerAccess(access.address(), KafkaClientSettings.of(wrong));

    try (Admin admin = Admin.create(guess.properties(Map.of(), Map.of()))) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  private static void assertRefused(KafkaFuture<?> call) {
    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(AuthorizationException.class);
  }

  private static void send(Map<String, Object> settings, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "run", value)).get();
    }
  }

  private static String plain() throws IOException {
    return Files.readString(home.resolve("broker.address"), StandardCharsets.UTF_8).strip();
  }

  private static Map<String, Object> anyone() throws IOException {
    return anyone(plain());
  }

  private static Map<String, Object> anyone(String address) {
    return Map.of("bootstrap.servers", address, "default.api.timeout.ms", 30_000);
  }

  private static Map<String, Object> with(Map<String, Object> settings, Map<String, Object> more) {
    var all = new HashMap<>(settings);
    all.putAll(more);
    return all;
  }
}
