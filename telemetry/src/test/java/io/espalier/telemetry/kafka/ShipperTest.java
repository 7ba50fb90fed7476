package io.espalier.telemetry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.OutboxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShipperTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path home;
  @TempDir Path directory;

  private static volatile EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(home.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void ship_everyEvent_plainConsumerReadsCloudEvents() throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("plain"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, ShipperTest::address)) {
      SampleEvents.all().forEach(outbox::append);
      Drained.await(shipper);
      assertThat(shipper.lagBytes()).isZero();
    }

    List<ConsumerRecord<String, String>> records = consume("plain");

    assertThat(records).hasSize(SampleEvents.all().size());
    ConsumerRecord<String, String> resumed =
        records.stream()
            .filter(r -> header(r, "ce_type").equals("io.espalier.run.resumed.v1"))
            .findFirst()
            .orElseThrow();
    assertThat(resumed.topic()).isEqualTo("espalier.events.v1");
    assertThat(resumed.key()).isEqualTo("plain");
    assertThat(resumed.value()).isEqualTo("{\"attempt\":2,\"fromStep\":800}");
    assertThat(header(resumed, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(resumed, "ce_id")).isEqualTo("plain/events-2");
    assertThat(header(resumed, "ce_source")).isEqualTo("plain");
    assertThat(header(resumed, "ce_sequence")).isEqualTo("2");
    assertThat(header(resumed, "ce_attempt")).isEqualTo("1");
    assertThat(header(resumed, "content-type")).isEqualTo("application/json");
    assertThat(header(resumed, "ce_time")).endsWith("Z");
  }

  @Test
  void publication_closedByAnInterruptedThread_doesNotFail_andLeavesTheInterrupt()
      throws IOException {
    Publication publication = Publication.open(address().orElseThrow());
    Thread.currentThread().interrupt();

    publication.close();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void backlog_countsTheBytesThatTheBrokerLacks() throws IOException {
    Backlog backlog = Backlog.of(home);
    backlog.add(directory);
    try (Outbox outbox = Outbox.open(directory, new RunId("backlog"), Clock.systemUTC())) {
      resume(outbox, 0, 100);
    }
    assertThat(backlog.bytes()).isEqualTo(Files.size(directory.resolve("events.jsonl")));

    backlog.ship(ShipperTest::address, home, LIMIT);

    assertThat(backlog.bytes()).isZero();
  }

  @Test
  void ship_brokerComesLate_everythingArrivesOnceInOrder() throws IOException {
    AtomicReference<Optional<BrokerAccess>> address = new AtomicReference<>(Optional.empty());
    try (Outbox outbox = Outbox.open(directory, new RunId("late"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, address::get)) {
      resume(outbox, 0, 1_200);
      assertThat(shipper.drain(Duration.ofMillis(300))).isFalse();
      await(() -> shipper.problem().isPresent());
      assertThat(shipper.lagBytes()).isEqualTo(Files.size(directory.resolve("events.jsonl")));

      address.set(address());
      Drained.await(shipper);
      await(() -> shipper.problem().isEmpty());
    }

    assertThat(sequences("late")).containsExactlyElementsOf(range(1_200));
  }

  @Test
  void ship_brokerRestartsElsewhere_everythingArrivesInOrder() throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("restart"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, ShipperTest::address)) {
      resume(outbox, 0, 100);
      Drained.await(shipper);

      broker.close();
      resume(outbox, 100, 200);
      assertThat(shipper.drain(Duration.ofMillis(300))).isFalse();
      broker = EmbeddedBroker.start(home.resolve("kafka"));

      Drained.await(shipper);
    }

    assertThat(sequences("restart").stream().distinct().toList()).isEqualTo(range(200));
  }

  @Test
  void ship_secondShipper_goesOnWhereTheFirstStopped() throws IOException {
    for (int round = 0; round < 3; round++) {
      try (Outbox outbox = Outbox.open(directory, new RunId("twice"), Clock.systemUTC());
          Shipper shipper = Shipper.start(directory, ShipperTest::address)) {
        resume(outbox, 50 * round, 50 * (round + 1));
        Drained.await(shipper);
      }
    }

    assertThat(sequences("twice")).containsExactlyElementsOf(range(150));
  }

  @Test
  void ship_twoShippersOnOneOutbox_takeTurns() throws IOException {
    Shipper first = Shipper.start(directory, ShipperTest::address);
    try (Outbox outbox = Outbox.open(directory, new RunId("both"), Clock.systemUTC())) {
      resume(outbox, 0, 10);
      Drained.await(first);
      try (Shipper second = Shipper.start(directory, ShipperTest::address)) {
        resume(outbox, 10, 300);
        Drained.await(first);
        first.close();
        resume(outbox, 300, 310);
        Drained.await(second);
      }
    }

    assertThat(sequences("both")).containsExactlyElementsOf(range(310));
  }

  @Test
  void read_shippedEvents_areThereAsOftenAsTheyCame() throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("again"), Clock.systemUTC())) {
      resume(outbox, 0, 3);
    }
    shipAll();
    Files.delete(directory.resolve("events.offset"));
    shipAll();

    List<RawEnvelope> shipped = EventTail.shipped(new RunId("again"), address().orElseThrow());

    List<RawEnvelope> written = OutboxReader.readAll(directory);
    assertThat(written).hasSize(3);
    assertThat(shipped)
        .containsExactlyElementsOf(Stream.concat(written.stream(), written.stream()).toList());
  }

  @Test
  void backlog_leftByDeadProcess_isShippedAndForgotten() throws IOException {
    Backlog backlog = Backlog.of(directory.resolve("home"));
    Path run = directory.resolve("runs/left");
    backlog.add(run);
    try (Outbox outbox = Outbox.open(run, new RunId("left"), Clock.systemUTC())) {
      resume(outbox, 0, 20);
    }
    assertThat(backlog.pending()).containsExactly(run.toAbsolutePath().normalize());

    assertThat(ship(backlog)).hasSize(1);

    assertThat(backlog.pending()).isEmpty();
    assertThat(sequences("left")).containsExactlyElementsOf(range(20));
  }

  @Test
  void backlog_killedWhileItNotedARun_knowsTheOthers() throws IOException {
    Path home = directory.resolve("home");
    Path run = Files.createDirectories(directory.resolve("runs/whole"));
    Backlog backlog = Backlog.of(home);
    backlog.add(run);
    Files.createFile(home.resolve("outboxes/00000000-0000-0000-0000-000000000000.path.new"));

    assertThat(backlog.pending()).containsExactly(run.toAbsolutePath().normalize());
  }

  @Test
  void backlog_runThatCannotBeShipped_keepsNoOtherBack() throws IOException {
    Backlog backlog = Backlog.of(directory.resolve("home"));
    for (String name : List.of("one", "two")) {
      backlog.add(directory.resolve(name));
      try (Outbox outbox =
          Outbox.open(directory.resolve(name), new RunId(name), Clock.systemUTC())) {
        resume(outbox, 0, 5);
      }
    }
    Path broken = backlog.pending().get(0);
    Files.createDirectory(broken.resolve("events.shipping"));

    assertThatThrownBy(() -> backlog.ship(ShipperTest::address, Path.of("another-run"), LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("events.shipping");

    assertThat(backlog.pending()).containsExactly(broken);
  }

  @Test
  void backlog_runThatLives_isNotForgotten() throws IOException {
    Backlog backlog = Backlog.of(directory.resolve("home"));
    Path run = directory.resolve("runs/live");
    backlog.add(run);
    try (Outbox outbox = Outbox.open(run, new RunId("live"), Clock.systemUTC())) {
      resume(outbox, 0, 20);

      assertThat(ship(backlog)).isEmpty();

      assertThat(backlog.pending()).containsExactly(run.toAbsolutePath().normalize());
      resume(outbox, 20, 30);
    }
    assertThat(ship(backlog)).hasSize(1);
    assertThat(sequences("live")).containsExactlyElementsOf(range(30));
  }

  @Test
  void backlog_runThatLives_isLeftToItsOwnShipper() throws IOException {
    Backlog backlog = Backlog.of(directory.resolve("home"));
    Path run = directory.resolve("runs/live");
    backlog.add(run);
    try (Outbox outbox = Outbox.open(run, new RunId("live"), Clock.systemUTC())) {
      resume(outbox, 0, 20);

      assertThat(
              backlog.ship(
                  () -> fail("no broker is asked for a run that goes on"),
                  Path.of("another-run"),
                  LIMIT))
          .isEmpty();
    }
  }

  @Test
  void topics_ensuredTwice_areCreatedOnce() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      Topics.ensure(admin, address().orElseThrow(), Optional.empty());

      assertThat(Topics.ensure(admin, address().orElseThrow(), Optional.empty())).isEmpty();
      assertThat(admin.listTopics().names().get())
          .containsAll(Stream.of(Topic.values()).map(Topic::topicName).toList());
    }
  }

  private static void await(BooleanSupplier condition) {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it must happen in time").isLessThan(untilNs);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** Ships what waits; a broker that does not answer in time on a busy machine is asked again. */
  private static List<Path> ship(Backlog backlog) throws IOException {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return backlog.ship(ShipperTest::address, Path.of("another-run"), LIMIT);
      } catch (IOException e) {
        if (System.nanoTime() > untilNs) {
          throw e;
        }
      }
    }
  }

  private void shipAll() {
    try (Shipper shipper = Shipper.start(directory, ShipperTest::address)) {
      Drained.await(shipper);
    }
  }

  private static Optional<BrokerAccess> address() {
    return Optional.of(BrokerAccess.of(broker.address()));
  }

  private static void resume(Outbox outbox, int from, int to) {
    IntStream.range(from, to).forEach(step -> outbox.append(new RunResumed(1, step)));
  }

  private static List<Long> range(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Long::valueOf).toList();
  }

  private static List<Long> sequences(String run) {
    return consume(run).stream().map(r -> Long.valueOf(header(r, "ce_sequence"))).toList();
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static List<ConsumerRecord<String, String>> consume(String run) {
    List<ConsumerRecord<String, String>> found = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<String, String>(
            Map.of(
                "bootstrap.servers",
                broker.address(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class))) {
      List<TopicPartition> partitions =
          consumer.listTopics().keySet().stream()
              .filter(topic -> topic.startsWith("espalier."))
              .map(topic -> new TopicPartition(topic, 0))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found.stream()
        .filter(r -> r.key().equals(run) || r.key().startsWith(run + ":"))
        .toList();
  }
}
