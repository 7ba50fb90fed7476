package io.espalier.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Drained;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventTailTest {
  private static final RunFinished END = new RunFinished(2, 9, 0.5, 1, 1, 1);
  private static final RunState STATE =
      new RunState(RunState.RUNNING, "pear", 1, 0, 9, 0, OptionalDouble.empty(), List.of());
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

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
  void tail_atBroker_mergesTopicsInOrderOfTheOutbox() throws IOException {
    RunId run = new RunId("merged");
    List<Envelope> appended = new ArrayList<>();
    for (int attempt = 1; attempt <= 2; attempt++) {
      try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
          Shipper shipper = Shipper.start(directory, EventTailTest::address)) {
        SampleEvents.all().forEach(event -> appended.add(outbox.append(event)));
        Drained.await(shipper);
      }
    }

    List<Envelope> tailed = read(run.value());

    assertThat(tailed).hasSameSizeAs(appended).containsExactlyInAnyOrderElementsOf(appended);
    assertThat(tailed).extracting(Envelope::attempt).isSorted();
    assertThat(tailed).extracting(Envelope::time).isSorted();
  }

  @Test
  void tail_shippedTwice_showsEachEventOnce() throws IOException {
    RunId run = new RunId("doubled");
    for (int shipping = 0; shipping < 2; shipping++) {
      Files.deleteIfExists(directory.resolve("events.offset"));
      try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
          Shipper shipper = Shipper.start(directory, EventTailTest::address)) {
        outbox.append(new RunResumed(1, shipping));
        Drained.await(shipper);
      }
    }

    assertThat(read(run.value())).extracting(Envelope::sequence).containsExactly(1L, 2L);
  }

  @Test
  void tail_ofDirectory_readsItsOutboxAndNotTheBroker() throws IOException {
    ship(directory.resolve("a"), new RunId("same"), new RunResumed(1, 3));
    Path other = directory.resolve("b");
    try (Outbox outbox = Outbox.open(other, new RunId("same"), Clock.systemUTC())) {
      outbox.append(END);
    }

    try (EventTail tail = EventTail.of(other, false)) {
      assertThat(tail).toIterable().extracting(Envelope::event).containsExactly(END);
    }
  }

  @Test
  void tail_nameOfOneRun_showsThatRun() throws IOException {
    RunId run = RunId.begin("only", TIME);
    ship(directory.resolve("a"), run, STATE);
    ship(directory.resolve("b"), RunId.begin("only-other", TIME), STATE);

    for (String name : List.of("only", "only-20260102-030405", run.value())) {
      assertThat(read(name)).extracting(Envelope::run).containsExactly(run);
    }
  }

  @Test
  void tail_nameOfSeveralRuns_isRefusedWithTheirIds() throws IOException {
    RunId one = RunId.begin("twin", TIME);
    RunId other = RunId.begin("twin", TIME.plusSeconds(1));
    ship(directory.resolve("a"), one, STATE);
    ship(directory.resolve("b"), other, STATE);

    assertThatThrownBy(() -> read("twin"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run=twin is that of %s, %s;", one, other);
    assertThat(read(other.value())).extracting(Envelope::run).containsExactly(other);
  }

  @Test
  void tail_nameThatIsAnId_showsTheRunOfAnEarlierVersion() throws IOException {
    RunId earlier = new RunId("plum");
    ship(directory.resolve("a"), earlier, STATE);
    ship(directory.resolve("b"), RunId.begin("plum", TIME), STATE);

    assertThat(read("plum")).extracting(Envelope::run).containsExactly(earlier);
  }

  @Test
  void follow_atBroker_seesWhatComesLater() throws Exception {
    RunId run = new RunId("followed");
    try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, EventTailTest::address)) {
      outbox.append(new RunResumed(1, 1));
      Drained.await(shipper);

      try (EventTail tail = EventTail.of(run.value(), access(), true)) {
        assertFollows(tail, outbox);
      }
    }
  }

  @Test
  void follow_outbox_seesWhatComesLater() throws Exception {
    try (Outbox outbox = Outbox.open(directory, new RunId("run"), Clock.systemUTC())) {
      outbox.append(new RunResumed(1, 1));

      try (EventTail tail = EventTail.of(directory, true)) {
        assertFollows(tail, outbox);
      }
    }
  }

  private static void assertFollows(EventTail tail, Outbox outbox) throws Exception {
    assertThat(tail.next().event()).isEqualTo(new RunResumed(1, 1));
    outbox.append(END);
    assertThat(tail.next().event()).isEqualTo(END);

    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(tail::hasNext);
    tail.stop();
    assertThat(waiting.get(120, TimeUnit.SECONDS)).isFalse();
  }

  private static BrokerAccess access() {
    return BrokerAccess.of(broker.address());
  }

  private static Optional<BrokerAccess> address() {
    return Optional.of(access());
  }

  private static void ship(Path at, RunId run, Event event) throws IOException {
    try (Outbox outbox = Outbox.open(at, run, Clock.systemUTC());
        Shipper shipper = Shipper.start(at, EventTailTest::address)) {
      outbox.append(event);
      Drained.await(shipper);
    }
  }

  private static List<Envelope> read(String name) throws IOException {
    List<Envelope> found = new ArrayList<>();
    try (EventTail tail = EventTail.of(name, access(), false)) {
      tail.forEachRemaining(found::add);
    }
    return found;
  }
}
