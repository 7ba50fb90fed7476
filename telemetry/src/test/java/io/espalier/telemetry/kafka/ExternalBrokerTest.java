package io.espalier.telemetry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of somebody else: another process, TLS, user and password, permissions. */
@Tag("slow")
final class ExternalBrokerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path elsewhere;
  @TempDir Path directory;

  private static SecuredBroker broker;

  @BeforeAll
  static void startBroker() throws IOException, InterruptedException {
    broker = SecuredBroker.start(elsewhere);
  }

  @AfterAll
  static void stopBroker() throws InterruptedException {
    broker.kill();
  }

  @Test
  void ship_brokerDiesAndReturns_everyEventArrivesInOrder() throws Exception {
    BrokerAccess access = access("espalier", "secret");
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (Outbox outbox = Outbox.open(directory, new RunId("outside"), Clock.systemUTC());
        Shipper shipper =
            Shipper.start(directory, () -> Optional.of(access), warnings::add, Optional.empty())) {
      append(outbox, 0, 700);
      Drained.await(shipper);
      assertThat(warnings).isEmpty();

      broker.kill();
      append(outbox, 700, 1_500);
      assertThat(shipper.drain(Duration.ofMillis(300))).isFalse();
      broker.restart();

      Drained.await(shipper);
    }

    // A batch whose acknowledgement was lost comes again; the tail passes each event on once.
    assertThat(sequences(access).stream().distinct().toList()).isEqualTo(numbers(1_500));
    assertThat(tailed(access)).isEqualTo(numbers(1_500));
  }

  @Test
  void ship_wrongPassword_saysThatItMustBeLetIn() throws IOException {
    assertThat(warning(access("espalier", "guessed")))
        .contains("must let this client in", broker.address(), "SaslAuthenticationException")
        .doesNotContain("guessed");
  }

  @Test
  void ship_userWithoutPermissions_namesTheTopicsThatAreMissing() throws IOException {
    assertThat(warning(access("guest", "guest")))
        .contains("the topics must be on the broker, or this client be allowed to create them")
        .contains("espalier.events.v1", "TopicAuthorizationException", "cleanup.policy=compact");
  }

  @Test
  void ship_plainClient_isToldOfTheSettings() throws IOException {
    assertThat(warning(BrokerAccess.of(broker.address())))
        .contains("the broker must answer", "if it wants TLS or SASL", "--kafka-config");
  }

  @Test
  void tail_wrongPassword_isRefused() throws IOException {
    BrokerAccess access = access("espalier", "guessed");

    assertThatThrownBy(() -> EventTail.of("x", access, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must let this client in");
  }

  private String warning(BrokerAccess access) throws IOException {
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (Outbox outbox = Outbox.open(directory, new RunId("refused"), Clock.systemUTC());
        Shipper shipper =
            Shipper.start(directory, () -> Optional.of(access), warnings::add, Optional.empty())) {
      append(outbox, 0, 3);
      assertThat(shipper.drain(LIMIT)).isFalse();
      assertThat(shipper.lagBytes()).isPositive();
    }
    assertThat(warnings).hasSize(1);
    return warnings.get(0);
  }

  private static BrokerAccess access(String user, String password) throws IOException {
    return BrokerAccess.external(
            Optional.of(broker.address()), Optional.of(broker.settings(user, password)), Map.of())
        .orElseThrow();
  }

  private static void append(Outbox outbox, int from, int to) {
    IntStream.range(from, to).forEach(step -> outbox.append(new RunResumed(1, step)));
  }

  private static List<Long> numbers(long count) {
    return LongStream.rangeClosed(1, count).boxed().toList();
  }

  private static List<Long> tailed(BrokerAccess access) throws IOException {
    List<Long> sequences = new ArrayList<>();
    try (EventTail tail = EventTail.of("outside", access, false)) {
      tail.forEachRemaining((Envelope envelope) -> sequences.add(envelope.sequence()));
    }
    return sequences;
  }

  /** What the broker holds, duplicates included, as any consumer sees it. */
  private static List<Long> sequences(BrokerAccess access) {
    List<Long> found = new ArrayList<>();
    Map<String, Object> properties =
        access.properties(
            Map.of(),
            Map.of(
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", StringDeserializer.class));
    try (var consumer = new KafkaConsumer<String, String>(properties)) {
      List<TopicPartition> partition = List.of(new TopicPartition("espalier.events.v1", 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      long end = consumer.endOffsets(partition).values().iterator().next();
      while (consumer.position(partition.get(0)) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          found.add(
              Long.valueOf(new String(record.headers().lastHeader("ce_sequence").value(), UTF_8)));
        }
      }
    }
    return found;
  }
}
