package io.espalier.telemetry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerTest {

  @TempDir Path directory;

  @Test
  void open_accessGiven_isExternal() throws IOException {
    BrokerAccess access = BrokerAccess.of("kafka.example:9092");

    try (Broker broker = Broker.open(directory, Optional.of(access))) {
      assertThat(broker.kind()).isEqualTo(Broker.Kind.EXTERNAL);
      assertThat(broker.access()).contains(access);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void find_nobodyHoldsHome_isEmpty() throws IOException {
    assertThat(Broker.find(directory, Optional.empty())).isEmpty();
    Files.writeString(directory.resolve("broker.address"), "127.0.0.1:1\n");

    assertThat(Broker.find(directory, Optional.empty())).isEmpty();
  }

  @Test
  void open_brokerCannotStart_isNoneWithReason() throws IOException {
    Files.writeString(directory.resolve("kafka"), "a file where the log should be");

    try (Broker broker = Broker.open(directory, Optional.empty())) {
      assertThat(broker.kind()).isEqualTo(Broker.Kind.NONE);
      assertThat(broker.access()).isEmpty();
      assertThat(broker.problem().orElseThrow()).contains("must start");
    }
  }

  @Test
  void open_holderIsKilled_nextOneTakesOverWithTheLog() throws Exception {
    Path output = directory.resolve("output");
    Path home = directory.resolve("home");
    Process holder = BrokerProcess.start(home, output);
    try {
      shipToHolder(home);
    } finally {
      holder.destroyForcibly().waitFor();
    }

    try (Broker broker = Broker.open(home, Optional.empty())) {
      assertThat(broker.kind()).isEqualTo(Broker.Kind.EMBEDDED);
      assertThat(Broker.find(home, Optional.empty())).isEqualTo(broker.access());
      assertThat(steps(broker)).containsExactly(0L, 1L, 2L);
    }
    assertThat(output).isEmptyFile();
  }

  @Test
  void access_holderIsKilled_joinedProcessTakesOverWhileItRuns() throws Exception {
    Path home = directory.resolve("home");
    Process holder = BrokerProcess.start(home, directory.resolve("output"));
    awaitUp(home);
    try (Broker joined = Broker.open(home, Optional.empty());
        Outbox outbox = Outbox.open(directory.resolve("run"), new RunId("run"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory.resolve("run"), joined::access)) {
      assertThat(joined.place().orElseThrow()).contains("in another process of home " + home);
      outbox.append(new RunResumed(1, 0));
      Drained.await(shipper);

      holder.destroyForcibly().waitFor();
      outbox.append(new RunResumed(1, 1));

      Drained.await(shipper);
      assertThat(joined.kind()).isEqualTo(Broker.Kind.EMBEDDED);
      assertThat(joined.place().orElseThrow()).contains("in this process");
      assertThat(steps(joined)).containsExactly(0L, 1L);
    }
  }

  private static void awaitUp(Path home) throws InterruptedException {
    while (Broker.find(home, Optional.empty()).isEmpty()) {
      Thread.sleep(50);
    }
  }

  private void shipToHolder(Path home) throws Exception {
    awaitUp(home);
    try (Broker joined = Broker.open(home, Optional.empty());
        Outbox outbox = Outbox.open(directory.resolve("run"), new RunId("run"), Clock.systemUTC());
        Shipper shipper = Shipper.start(directory.resolve("run"), joined::access)) {
      assertThat(joined.kind()).isEqualTo(Broker.Kind.JOINED);
      for (int step = 0; step < 3; step++) {
        outbox.append(new RunResumed(1, step));
      }
      Drained.await(shipper);
    }
  }

  private static List<Long> steps(Broker broker) throws IOException {
    List<Long> steps = new ArrayList<>();
    try (EventTail tail = EventTail.of("run", broker.access().orElseThrow(), false)) {
      while (tail.hasNext()) {
        Envelope envelope = tail.next();
        steps.add(((RunResumed) envelope.event()).fromStep());
      }
    }
    return steps;
  }
}
