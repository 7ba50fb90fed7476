package io.espalier.telemetry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker in another process that is late, hangs, dies, or forgets, while events keep coming. */
@Tag("slow")
final class OutageTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int EVENTS_PER_TURN = 5_000;
  private static final int LONG_INTERVAL = 100;
  private static final long HEAP_MARGIN = 24 << 20;

  @TempDir private Path home;
  @TempDir private Path directory;
  private @Nullable Process process;
  private Outbox outbox;
  private Shipper shipper;
  private long appended;

  @BeforeEach
  void open() throws IOException {
    outbox = Outbox.open(directory, new RunId("outage"), Clock.systemUTC());
    shipper = Shipper.start(directory, () -> Broker.find(home, Optional.empty()));
  }

  @AfterEach
  void close() throws InterruptedException {
    shipper.close();
    outbox.close();
    if (process != null) {
      kill();
    }
  }

  @Test
  void ship_brokerLateThenKilled_everySequenceArrivesOnceInOrder() throws Exception {
    append();
    startBroker();
    append();
    Drained.await(shipper);

    for (int kill = 0; kill < 2; kill++) {
      append();
      kill();
      append();
      startBroker();
    }

    assertArrived();
  }

  @Test
  void ship_brokerHangs_everySequenceArrivesOnceInOrder() throws Exception {
    startBroker();
    append();
    Drained.await(shipper);

    signal("STOP");
    append();
    await(() -> shipper.problem().isPresent());
    append();
    signal("CONT");

    assertArrived();
  }

  @Test
  void ship_brokerRestartedEmpty_everythingIsShippedAnew() throws Exception {
    startBroker();
    append();
    Drained.await(shipper);

    kill();
    append();
    delete(home.resolve("kafka"));
    startBroker();
    append();

    assertArrived();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ship_topicIsGoneOrMadeAnewInTheSameCluster_everythingIsShippedAnew(boolean anew)
      throws Exception {
    startBroker();
    append();
    Drained.await(shipper);

    try (Admin admin = Admin.create(client())) {
      admin.deleteTopics(List.of(Topic.METRICS.topicName())).all().get();
      if (anew) {
        await(() -> !names(admin).contains(Topic.METRICS.topicName()));
        admin
            .createTopics(
                List.of(
                    new NewTopic(Topic.METRICS.topicName(), 1, (short) 1)
                        .configs(Topic.METRICS.settings())))
            .all()
            .get();
      }
    }
    append();

    // What came before the loss was noticed lies before the rest; no batch is waited for longer.
    Drained.await(shipper);
    assertThat(distinctSequences().stream().sorted().toList())
        .isEqualTo(LongStream.rangeClosed(1, appended).boxed().toList());
  }

  @Test
  void ship_topicWithSeveralPartitions_everyEventArrivesOnce() throws Exception {
    startBroker();
    append();
    Drained.await(shipper);
    try (Admin admin = Admin.create(client())) {
      admin
          .createPartitions(Map.of(Topic.MASKS.topicName(), NewPartitions.increaseTo(3)))
          .all()
          .get();
      for (int parameter = 0; parameter < 300; parameter++) {
        outbox.append(new MaskEvent.ParameterMaskState("p" + parameter, 1, 1, 10, 5, 5, 0));
        if (parameter % 50 == 49) {
          Drained.await(shipper);
        }
      }
    }

    assertThat(shipper.problem()).isEmpty();
    assertThat(recordsOf(Topic.MASKS)).isEqualTo(300);
  }

  @Test
  void ship_brokerGoneForLong_heapIsFlat() throws Exception {
    startBroker();
    append();
    Drained.await(shipper);
    kill();
    long before = usedHeap();

    for (int turn = 0; turn < 5; turn++) {
      append(LONG_INTERVAL);
    }

    assertThat(shipper.lagBytes()).isGreaterThan(2 * HEAP_MARGIN);
    assertThat(usedHeap()).isLessThan(before + HEAP_MARGIN);
    startBroker();
    Drained.await(shipper);
    assertThat(usedHeap()).isLessThan(before + HEAP_MARGIN);
    assertArrived();
  }

  private void append() {
    append(1);
  }

  /** Events of so many steps each. */
  private void append(int steps) {
    for (int i = 0; i < EVENTS_PER_TURN; i++) {
      appended++;
      outbox.append(
          new TrainingEvent.StepsMeasured(
              0,
              appended,
              Collections.nCopies(steps, 1.0 / appended),
              Collections.nCopies(steps, 0.5),
              0.1,
              0.01,
              1e4,
              Optional.empty()));
    }
  }

  private void assertArrived() throws Exception {
    Drained.await(shipper);
    List<Long> expected = LongStream.rangeClosed(1, appended).boxed().toList();
    assertThat(distinctSequences()).isEqualTo(expected);
  }

  private void startBroker() throws IOException {
    process = BrokerProcess.start(home, directory.resolve("broker.output"));
    await(() -> Broker.find(home, Optional.empty()).isPresent());
  }

  private void kill() throws InterruptedException {
    broker().destroyForcibly().waitFor();
  }

  private Process broker() {
    return Objects.requireNonNull(process);
  }

  private void signal(String name) throws IOException, InterruptedException {
    String command = "kill -" + name + " " + broker().pid();
    new ProcessBuilder("sh", "-c", command).start().waitFor();
  }

  private Map<String, Object> client() {
    return Broker.find(home, Optional.empty())
        .orElseThrow()
        .properties(
            Map.of(),
            Map.of(
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class));
  }

  private static Set<String> names(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private long recordsOf(Topic topic) {
    try (var consumer = new KafkaConsumer<String, String>(client())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** What a consumer has that drops what it saw before. */
  private List<Long> distinctSequences() {
    TopicPartition metrics = new TopicPartition(Topic.METRICS.topicName(), 0);
    List<Long> sequences = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (var consumer = new KafkaConsumer<String, String>(client())) {
      consumer.assign(List.of(metrics));
      consumer.seekToBeginning(List.of(metrics));
      long end = consumer.endOffsets(List.of(metrics)).values().iterator().next();
      while (consumer.position(metrics) < end) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
          if (seen.add(header(each, "ce_source") + " " + header(each, "ce_id"))) {
            sequences.add(Long.valueOf(header(each, "ce_sequence")));
          }
        }
      }
    }
    return Collections.unmodifiableList(sequences);
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    Header header = record.headers().lastHeader(name);
    return new String(header.value(), UTF_8);
  }

  /**
   * What is reachable: the least of some looks, as threads allocate between collection and look.
   */
  private static long usedHeap() {
    return LongStream.range(0, 5).map(look -> usedAfterCollection()).min().orElseThrow();
  }

  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it must happen in time").isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
