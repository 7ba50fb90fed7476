package io.espalier.telemetry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.Difference;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.State;
import java.io.IOException;
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

/** Topics on a real broker. */
final class TopicCheckTest {
  @TempDir static Path directory;

  private static EmbeddedBroker broker;
  private static BrokerAccess access;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
    access = BrokerAccess.of(broker.address());
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
  void findings_emptyBroker_areAllMissing() throws IOException {
    try (TopicCheck check = TopicCheck.of(access)) {
      assertThat(check.findings())
          .allSatisfy(finding -> assertThat(finding.state()).isEqualTo(State.MISSING))
          .extracting(TopicFinding::topic)
          .containsExactly(Topic.values());
    }
  }

  @Test
  void create_missingOnes_areOkWithAllSettingsOfTheirOwn() throws IOException {
    try (TopicCheck check = TopicCheck.of(access)) {
      assertThat(check.create(Optional.of((short) 1))).containsExactly(Topic.values());
      assertThat(check.create(Optional.empty())).isEmpty();

      assertThat(check.findings())
          .allSatisfy(
              finding -> {
                assertThat(finding.state()).isEqualTo(State.OK);
                assertThat(finding.differences()).isEmpty();
                assertThat(finding.partitions()).isEqualTo(1);
                assertThat(finding.settings()).containsAllEntriesOf(finding.topic().settings());
              });
    }
  }

  @Test
  void finding_otherRetentionOrHigherLimit_isOk() throws Exception {
    TopicFinding finding =
        found(Topic.METRICS, 1, Map.of("retention.ms", "1000", "max.message.bytes", "9000000"));

    assertThat(finding.state()).isEqualTo(State.OK);
    assertThat(finding.differences())
        .containsExactly(new Difference("retention.ms", "1000", "604800000", false));
  }

  @Test
  void finding_morePartitions_differs() throws Exception {
    TopicFinding finding = found(Topic.EVENTS, 3, Map.of());

    assertThat(finding.state()).isEqualTo(State.DIFFERS);
    assertThat(finding.differences()).containsExactly(new Difference("partitions", "3", "1", true));
  }

  @Test
  void finding_otherPolicyOrLowerLimits_differs() throws Exception {
    TopicFinding finding =
        found(
            Topic.RUNS,
            1,
            Map.of(
                "cleanup.policy", "compact,delete",
                "max.message.bytes", "2097151",
                "message.timestamp.after.max.ms", "3600000"));

    assertThat(finding.state()).isEqualTo(State.DIFFERS);
    assertThat(finding.differences())
        .containsExactly(
            new Difference("cleanup.policy", "compact,delete", "compact", true),
            new Difference("max.message.bytes", "2097151", "2097152", true),
            new Difference(
                "message.timestamp.after.max.ms", "3600000", "9223372036854775807", true));
  }

  /** Brokers before Kafka 3.6 do not bound how far times may be ahead. */
  @Test
  void finding_settingThatTheBrokerDoesNotKnow_isNoDifference() {
    Map<String, String> known = new HashMap<>(Topic.RUNS.settings());
    known.remove("message.timestamp.after.max.ms");

    assertThat(new TopicFinding(Topic.RUNS, 1, known).differences()).isEmpty();
  }

  @Test
  void create_moreReplicasThanBrokers_saysWhatIsMissing() throws IOException {
    try (TopicCheck check = TopicCheck.of(access)) {
      assertThatThrownBy(() -> check.create(Optional.of((short) 3)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("InvalidReplicationFactorException")
          .hasMessageContaining(Topic.SYSTEM.topicName());
    }
  }

  @Test
  void findings_nobodyListens_saysThatTheBrokerMustAnswer() throws IOException {
    try (TopicCheck check = TopicCheck.of(BrokerAccess.of("127.0.0.1:1"))) {
      assertThatThrownBy(check::findings)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the broker must answer: address=127.0.0.1:1");
    }
  }

  private static TopicFinding found(Topic topic, int partitions, Map<String, String> changed)
      throws Exception {
    Map<String, String> settings = new HashMap<>(topic.settings());
    settings.putAll(changed);
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty())
                      .configs(settings)))
          .all()
          .get();
    }
    try (TopicCheck check = TopicCheck.of(access)) {
      TopicFinding finding = finding(check, topic);
      while (finding.state() == State.MISSING) {
        Thread.sleep(10);
        finding = finding(check, topic);
      }
      return finding;
    }
  }

  private static TopicFinding finding(TopicCheck check, Topic topic) throws IOException {
    return check.findings().stream()
        .filter(each -> each.topic() == topic)
        .findFirst()
        .orElseThrow();
  }

  private static Admin admin() {
    return Admin.create(access.properties(Map.of(), Map.of()));
  }
}
