package io.espalier.telemetry.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.event.SampleRun;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.live.LiveFeed.SourceStatus;
import io.espalier.telemetry.live.LiveFeed.SourceStatus.State;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.view.Reader;
import io.espalier.telemetry.view.Subject;
import io.espalier.telemetry.view.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A feed whose broker comes, goes, moves and forgets. */
final class LiveFeedTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Subject RUN = Subject.parse("run:fed");

  @TempDir private Path home;
  @TempDir private Path directory;
  private volatile Optional<BrokerAccess> access = Optional.empty();
  private Optional<EmbeddedBroker> broker = Optional.empty();
  private LiveFeed feed;
  private Subscription subscription;
  private final Reader reader = new Reader();

  @BeforeEach
  void start() {
    feed = LiveFeed.start(() -> access, Clock.systemUTC());
    subscription = feed.model().subscribe(List.of(RUN));
  }

  @AfterEach
  void stop() {
    feed.close();
    broker.ifPresent(EmbeddedBroker::close);
  }

  @Test
  void read_error_isToldInsteadOfLive() {
    try (LiveFeed broken =
        LiveFeed.start(
            () -> {
              throw new StackOverflowError("as a test wants it");
            },
            Clock.systemUTC())) {
      await(() -> broken.status().problem().isPresent());

      assertThat(broken.status().state()).isEqualTo(State.WAITING);
      assertThat(broken.status().problem().orElseThrow()).contains("has ended");
    }
  }

  @Test
  void read_brokerComesThenMoves_followsWithoutDoublingAnything() throws Exception {
    await(() -> feed.status().problem().isPresent());
    assertThat(feed.status().state()).isEqualTo(State.WAITING);

    startBroker();
    List<Event> events = SampleRun.events("fed", "");
    ship(events.subList(0, events.size() / 2));
    await(() -> feed.status().state() == State.LIVE && step() > 0);
    broker.orElseThrow().close();
    await(() -> feed.status().state() == State.WAITING);
    assertThat(feed.status().address()).isEqualTo(access.map(BrokerAccess::address));

    startBroker();
    ship(events.subList(events.size() / 2, events.size() - 1));
    await(() -> step() == SampleRun.STEPS && feed.status().state() == State.LIVE);
    await(() -> poll().at("/parts/run/traffic").equals(trafficOf(events)));

    SourceStatus status = feed.status();
    assertThat(status.state()).isEqualTo(State.LIVE);
    assertThat(status.problem()).isEmpty();
    assertThat(status.progress()).isEqualTo(1);
    assertThat(reader.snapshots()).isEqualTo(1);
    assertThat(reader.document().at("/parts/gaps")).isEmpty();
  }

  @Test
  void read_topicMadeAnew_isReadFromItsBeginning() throws Exception {
    startBroker();
    List<Event> events = SampleRun.events("fed", "");
    ship(events.subList(0, 200));
    await(() -> step() > 0);

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
      admin.deleteTopics(List.of(Topic.METRICS.topicName())).all().get();
      while (admin.listTopics().names().get().contains(Topic.METRICS.topicName())) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    ship(events.subList(200, events.size()));
    await(() -> poll().at("/parts/run/traffic").equals(trafficOf(events)));

    assertThat(step()).isEqualTo(SampleRun.STEPS);
    assertThat(reader.document().at("/parts/gaps")).isEmpty();
  }

  @Test
  void read_recordThatIsNoEvent_isCountedAndPassedOver() throws Exception {
    startBroker();
    ship(List.of(SampleEvents.steps(0, 1, 1.0)));
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topic.EVENTS.topicName(), "fed", "{not an event".getBytes(UTF_8)))
          .get();
    }
    ship(List.of(new RunFinished(2, 1, 0.5, 0.5, 1, 1)));

    await(() -> poll().at("/parts/run/state").asText().equals("finished"));
    await(() -> feed.status().skipped() > 0);

    assertThat(feed.status().skipped()).isEqualTo(1);
    assertThat(feed.status().json(Clock.systemUTC().instant()).at("/source/skipped").asLong())
        .isEqualTo(1);
  }

  @Test
  void read_live_tellsHowFarEachTopicIs() throws Exception {
    startBroker();
    List<Event> events = SampleEvents.all();
    ship(events);
    Subscription system = feed.model().subscribe(List.of(Subject.SYSTEM));
    Reader topics = new Reader();

    await(
        () -> {
          topics.apply("system", system.poll());
          return positions(topics).equals(counts(events)) && feed.status().lag() == 0;
        });

    for (JsonNode each : topics.document().at("/parts/topics")) {
      assertThat(each.path("lag").asLong()).isZero();
      assertThat(each.path("end").asLong()).isEqualTo(each.path("position").asLong());
    }
  }

  /** Each event is one record. */
  private static Map<String, Long> counts(List<? extends Event> events) {
    Map<String, Long> counts = new HashMap<>();
    for (Topic each : Topic.values()) {
      counts.put(each.topicName(), 0L);
    }
    events.forEach(event -> counts.merge(EventType.of(event).topic().topicName(), 1L, Long::sum));
    return counts;
  }

  private static Map<String, Long> positions(Reader topics) {
    Map<String, Long> positions = new HashMap<>();
    for (JsonNode each : topics.document().at("/parts/topics")) {
      positions.put(each.path("name").asText(), each.path("position").asLong());
    }
    return positions;
  }

  private void startBroker() throws IOException {
    EmbeddedBroker started = EmbeddedBroker.start(home);
    broker = Optional.of(started);
    access = Optional.of(BrokerAccess.of(started.address()));
  }

  private String address() {
    return broker.orElseThrow().address();
  }

  private void ship(List<? extends Event> events) throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("fed"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, () -> access)) {
      events.forEach(outbox::append);
      // A drain gives up after one refusal, which a broker that has just started may give.
      await(() -> shipper.drain(LIMIT));
    }
  }

  private static JsonNode trafficOf(List<Event> events) {
    return new ObjectMapper()
        .valueToTree(
            events.stream()
                .filter(SyncCompleted.class::isInstance)
                .map(SyncCompleted.class::cast)
                .map(sync -> new long[] {sync.bytesUp() + sync.bytesDown(), sync.bytesDense()})
                .reduce(
                    new long[2],
                    (one, other) -> new long[] {one[0] + other[0], one[1] + other[1]}));
  }

  private JsonNode poll() {
    reader.apply(RUN.name(), subscription.poll());
    return reader.document();
  }

  private long step() {
    return poll().at("/parts/run/step").asLong();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it must happen in time").isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
