package io.espalier.telemetry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.telemetry.kafka.TopicReader.RecordDecoder;
import io.espalier.telemetry.kafka.TopicReader.TopicLostException;
import io.espalier.telemetry.kafka.TopicStart.Edge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopicReaderTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final RecordDecoder<String> TEXT =
      (offset, contentType, value) ->
          offset + "=" + value.map(bytes -> new String(bytes, UTF_8)).orElse("nothing");

  @TempDir private Path directory;
  private volatile Optional<BrokerAccess> access = Optional.empty();
  private EmbeddedBroker broker;

  @BeforeEach
  void start() throws IOException {
    broker = EmbeddedBroker.start(directory);
    access = Optional.of(BrokerAccess.of(broker.address()));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private BrokerAccess here() {
    return access.orElseThrow();
  }

  private void write(String topic, int partitions, int from, int to) throws IOException {
    try (TopicWriter writer = TopicWriter.open(here(), topic, partitions)) {
      for (int i = from; i < to; i++) {
        writer.send(("v" + i).getBytes(UTF_8), "text/plain");
      }
      writer.flush();
    }
  }

  private TopicReader<String> reader(TopicStart start) {
    return new TopicReader<>(() -> access, start, start.offsets(), TEXT);
  }

  @Test
  void next_ofEachPartition_isInTheOrderOfItsOffsets() throws IOException {
    write("t", 2, 0, 9_000);
    TopicStart start = TopicStart.resolve(here(), "t", List.of(), Edge.EARLIEST);

    try (TopicReader<String> reader = reader(start)) {
      for (int i = 0; i < 9_000; i++) {
        assertThat(reader.next(i % 2, LIMIT)).contains(i / 2 + "=v" + i);
      }
      assertThat(reader.next(0, Duration.ofMillis(50))).isEmpty();
    }
    assertThat(start.partitions()).containsExactly(0, 1);
    assertThat(start.offsets()).containsExactly(0L, 0L);
  }

  @Test
  void resolve_latest_isWhereNewRecordsWillBe() throws IOException {
    write("t", 3, 0, 31);

    TopicStart start = TopicStart.resolve(here(), "t", List.of(2, 0), Edge.LATEST);

    assertThat(start.partitions()).containsExactly(2, 0);
    assertThat(start.offsets()).containsExactly(10L, 11L);
  }

  @Test
  void resolve_whatIsNotThere_saysWhatToDo() throws IOException {
    write("t", 1, 0, 1);

    assertThatThrownBy(() -> TopicStart.resolve(here(), "none", List.of(), Edge.EARLIEST))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.topic: must be a topic of the broker: topic=none, address=");
    assertThatThrownBy(() -> TopicStart.resolve(here(), "t", List.of(0, 1), Edge.EARLIEST))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.partitions: must be partitions of the topic, from 0 to 0");
  }

  @Test
  void next_whileTheBrokerMoves_goesOnWhereItWas() throws IOException {
    write("t", 1, 0, 100);
    TopicStart start = TopicStart.resolve(here(), "t", List.of(), Edge.EARLIEST);

    try (TopicReader<String> reader = reader(start)) {
      assertThat(reader.next(0, LIMIT)).contains("0=v0");
      broker.close();
      for (int i = 1; i < 100; i++) {
        assertThat(reader.next(0, LIMIT)).contains(i + "=v" + i);
      }
      assertThat(reader.next(0, Duration.ofMillis(50))).isEmpty();
      broker = EmbeddedBroker.start(directory);
      access = Optional.of(BrokerAccess.of(broker.address()));
      write("t", 1, 100, 150);
      for (int i = 100; i < 150; i++) {
        assertThat(reader.next(0, LIMIT)).contains(i + "=v" + i);
      }
      assertThat(reader.problem()).isEmpty();
    }
  }

  @Test
  void next_ofTransactions_passesOverWhatWasAbortedAndTheirMarkers() throws Exception {
    write("t", 1, 0, 1);
    Map<String, Object> settings =
        here().properties(Map.of("transactional.id", "x"), Map.of("acks", "all"));
    try (var producer =
        new KafkaProducer<byte[], byte[]>(
            settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (String value : List.of("a", "b", "c")) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", value.getBytes(UTF_8))).get();
        if (value.equals("b")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }
    TopicStart start = TopicStart.resolve(here(), "t", List.of(), Edge.EARLIEST);

    try (TopicReader<String> reader = reader(start)) {
      List<String> read = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        read.add(reader.next(0, LIMIT).orElseThrow());
      }
      assertThat(read).containsExactly("0=v0", "1=a", "5=c");
    }
  }

  @Test
  void next_ofDeletedRecords_namesTopicPartitionAndOffset() throws Exception {
    write("t", 1, 0, 10);
    TopicStart start = TopicStart.resolve(here(), "t", List.of(), Edge.EARLIEST);
    try (Admin admin = TopicClients.admin(here())) {
      admin
          .deleteRecords(Map.of(new TopicPartition("t", 0), RecordsToDelete.beforeOffset(5)))
          .all()
          .get();
    }

    try (TopicReader<String> reader = reader(start)) {
      assertThatThrownBy(() -> reader.next(0, LIMIT))
          .isInstanceOf(TopicLostException.class)
          .hasMessageContaining(
              "a record must still be there to go on: topic=t, partition=0, offset=0; the topic's"
                  + " retention deleted it");
    }
  }

  @Test
  void next_ofATopicThatWasMadeAnew_fails() throws Exception {
    write("t", 1, 0, 10);
    TopicStart start = TopicStart.resolve(here(), "t", List.of(), Edge.EARLIEST);
    try (Admin admin = TopicClients.admin(here())) {
      admin.deleteTopics(List.of("t")).all().get();
    }
    write("t", 1, 0, 10);

    try (TopicReader<String> reader = reader(start)) {
      assertThatThrownBy(() -> reader.next(0, LIMIT))
          .isInstanceOf(TopicLostException.class)
          .hasMessageContaining("a topic must be the one that the run began with: topic=t, id=");
    }
  }
}
