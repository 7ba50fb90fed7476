package io.espalier.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventTailTest {
  private static final RunFinished END = new RunFinished(2, 9, 0.5, 1, 1, 1);

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

    List<Envelope> tailed = read(run, address(), Optional.empty());

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

    assertThat(read(run, address(), Optional.empty()))
        .extracting(Envelope::sequence)
        .containsExactly(1L, 2L);
  }

  @Test
  void tail_noBroker_readsOutbox() throws IOException {
    append(new RunResumed(1, 3));

    assertThat(read(new RunId("run"), Optional.empty(), Optional.of(directory))).hasSize(1);
    assertThat(
            read(
                new RunId("run"),
                Optional.of(BrokerAccess.of("127.0.0.1:1")),
                Optional.of(directory)))
        .hasSize(1);
  }

  @Test
  void tail_brokerKnowsNothingOfRun_readsOutbox() throws IOException {
    append(new RunResumed(1, 3));

    try (EventTail tail =
        EventTail.open(new RunId("run"), address(), Optional.of(directory), false)) {
      assertThat(tail.withoutBroker().orElseThrow()).endsWith("has no events of it");
      assertThat(tail.next().event()).isEqualTo(new RunResumed(1, 3));
    }
  }

  @Test
  void tail_neitherBrokerNorDirectory_namesRun() {
    assertThatThrownBy(
            () -> EventTail.open(new RunId("lost"), Optional.empty(), Optional.empty(), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run=lost");
  }

  @Test
  void follow_atBroker_seesWhatComesLater() throws Exception {
    RunId run = new RunId("followed");
    try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, EventTailTest::address)) {
      outbox.append(new RunResumed(1, 1));
      Drained.await(shipper);

      try (EventTail tail = EventTail.open(run, address(), Optional.empty(), true)) {
        assertFollows(tail, outbox);
        assertThat(tail.withoutBroker()).isEmpty();
      }
    }
  }

  @Test
  void follow_outbox_seesWhatComesLater() throws Exception {
    try (Outbox outbox = Outbox.open(directory, new RunId("run"), Clock.systemUTC())) {
      outbox.append(new RunResumed(1, 1));

      try (EventTail tail =
          EventTail.open(outbox.run(), Optional.empty(), Optional.of(directory), true)) {
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

  private static Optional<BrokerAccess> address() {
    return Optional.of(BrokerAccess.of(broker.address()));
  }

  private void append(RunResumed event) throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("run"), Clock.systemUTC())) {
      outbox.append(event);
    }
  }

  private static List<Envelope> read(RunId run, Optional<BrokerAccess> at, Optional<Path> directory)
      throws IOException {
    List<Envelope> found = new ArrayList<>();
    try (EventTail tail = EventTail.open(run, at, directory, false)) {
      tail.forEachRemaining(found::add);
    }
    return found;
  }
}
