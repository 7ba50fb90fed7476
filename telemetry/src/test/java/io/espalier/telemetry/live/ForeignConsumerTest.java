package io.espalier.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleFederation;
import io.espalier.telemetry.event.SampleRun;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Drained;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.live.LiveFeed.SourceStatus.State;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.view.Reader;
import io.espalier.telemetry.view.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our page shows is what anyone computes who follows the schemas alone. */
final class ForeignConsumerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path home;
  @TempDir Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(home);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void page_trainingInTwoAttempts_showsWhatTheSchemasTell() throws IOException {
    RunId run = new RunId("training");
    List<Event> events = SampleRun.events("training", "");
    int killed = after(events, at(2_400));
    int checkpoint = after(events, at(1_600));
    ship(run, events.subList(0, killed), List.of(new RunResumed(2, 1_600)), events, checkpoint);

    ForeignConsumer foreign = ForeignConsumer.read(broker.address(), run.value());
    JsonNode page = page(run);

    JsonNode facts = page.at("/parts/run");
    assertThat(foreign.attempts()).isEqualTo(2).isEqualTo(facts.path("attempts").asInt());
    assertThat(facts.path("accuracy").asDouble()).isEqualTo(foreign.accuracy()).isPositive();
    assertThat(facts.path("loss").asDouble()).isEqualTo(foreign.loss()).isPositive();
    assertThat(facts.path("sparsity").asDouble()).isEqualTo(foreign.sparsity()).isPositive();
    assertThat(facts.at("/traffic/0").asLong()).isEqualTo(foreign.bytes()).isPositive();
    assertThat(kept(page)).isEqualTo(foreign.kept()).hasSize(10);
    SortedMap<Long, Double> losses = foreign.trainingLosses();
    assertThat(losses).hasSize((int) SampleRun.STEPS);
    assertThat(losses).containsAllEntriesOf(points(page, "trainLoss"));
    assertThat(points(page, "trainLoss")).containsKey(SampleRun.STEPS).hasSizeGreaterThan(900);
  }

  @Test
  void page_federationInTwoAttempts_showsWhatTheSchemasTell() throws IOException {
    RunId run = new RunId("federation");
    List<Event> events = SampleFederation.events("federation");
    int killed = after(events, completed(30));
    int checkpoint = after(events, completed(28));
    ship(run, events.subList(0, killed), List.of(new RunResumed(2, 28)), events, checkpoint);

    ForeignConsumer foreign = ForeignConsumer.read(broker.address(), run.value());
    JsonNode page = page(run);

    JsonNode facts = page.at("/parts/run");
    assertThat(facts.path("kind").asText()).isEqualTo("federation");
    assertThat(facts.path("rounds").asLong())
        .isEqualTo(foreign.rounds())
        .isEqualTo(SampleFederation.ROUNDS);
    assertThat(facts.path("accuracy").asDouble()).isEqualTo(foreign.accuracy()).isPositive();
    assertThat(facts.at("/traffic/0").asLong()).isEqualTo(foreign.bytes()).isPositive();
    assertThat(points(page, "tier/0.02/accuracy")).isEqualTo(foreign.tier(0.02)).hasSize(31);
    SortedMap<String, Integer> reports = new TreeMap<>();
    page.at("/parts/clients")
        .forEach(each -> reports.put(each.path("client").asText(), each.path("reported").asInt()));
    assertThat(reports).isEqualTo(foreign.reports()).hasSize(SampleFederation.CLIENTS);
  }

  private static Predicate<Event> at(long step) {
    return event -> event instanceof SyncCompleted sync && sync.step() == step;
  }

  private static Predicate<Event> completed(long round) {
    return event -> event instanceof RoundCompleted each && each.completedRounds() == round;
  }

  private static int after(List<Event> events, Predicate<Event> which) {
    return 1 + events.indexOf(events.stream().filter(which).findFirst().orElseThrow());
  }

  /** Ships a first attempt, and one that goes on with {@code events} from {@code from} on. */
  private void ship(RunId run, List<Event> first, List<Event> resumed, List<Event> events, int from)
      throws IOException {
    for (List<List<Event>> attempt :
        List.of(List.of(first), List.of(resumed, events.subList(from, events.size())))) {
      try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
          Shipper shipper = Shipper.start(directory, ForeignConsumerTest::access)) {
        attempt.forEach(part -> part.forEach(outbox::append));
        Drained.await(shipper);
      }
    }
  }

  private static Optional<BrokerAccess> access() {
    return Optional.of(BrokerAccess.of(broker.address()));
  }

  private static JsonNode page(RunId run) {
    Subject subject = Subject.of(run);
    Reader reader = new Reader();
    long until = System.nanoTime() + LIMIT.toNanos();
    try (LiveFeed feed = LiveFeed.start(ForeignConsumerTest::access, Clock.systemUTC());
        var subscription = feed.model().subscribe(List.of(subject))) {
      while (feed.status().state() != State.LIVE) {
        assertThat(System.nanoTime()).as("it must catch up in time").isLessThan(until);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        reader.apply(subject.name(), subscription.poll());
      }
      reader.apply(subject.name(), subscription.poll());
    }
    return reader.document();
  }

  private static SortedMap<String, Long> kept(JsonNode page) {
    SortedMap<String, Long> kept = new TreeMap<>();
    page.at("/parts/parameters")
        .forEach(each -> kept.put(each.path("name").asText(), each.path("kept").asLong()));
    return kept;
  }

  private static SortedMap<Long, Double> points(JsonNode page, String name) {
    SortedMap<Long, Double> points = new TreeMap<>();
    page.path("series")
        .path(name)
        .properties()
        .forEach(each -> points.put(Long.valueOf(each.getKey()), each.getValue().asDouble()));
    return points;
  }
}
