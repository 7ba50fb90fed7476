package io.espalier.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.telemetry.outbox.Outbox;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("slow")
class BrokerRestartTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SERIES = "/series/trainLoss";

  @TempDir private Path home;

  @Test
  void stream_thatOutlivesTheBroker_goesOnWithoutTellingAnythingTwice() throws Exception {
    try (DashboardFixture dashboard =
            DashboardFixture.reading(
                () ->
                    LiveFeed.start(() -> Broker.find(home, Optional.empty()), Clock.systemUTC()));
        Viewer viewer = dashboard.viewer("run:a");
        Outbox outbox = Outbox.open(home.resolve("a"), new RunId("a"), Clock.systemUTC())) {
      // Given
      JsonNode before = viewer.next().orElseThrow();
      outbox.append(new RunStarted("a", 1, 1, 100, 10, 10, 10, 0));
      outbox.append(steps(1, 3));
      List<Long> received = new ArrayList<>();
      ship(viewer, received, 3);

      // When
      viewer.await(message -> message.at("/source/state").asText().equals("waiting"));
      outbox.append(steps(4, 2));
      ship(viewer, received, 5);

      // Then
      assertThat(before.at("/source/state").asText()).isEqualTo("waiting");
      assertThat(received).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  /**
   * The home's broker comes up, stays until the viewer has received so many steps, and goes away.
   */
  private void ship(Viewer viewer, List<Long> received, int steps) throws Exception {
    try (Broker broker = Broker.open(home, Optional.empty());
        Shipper shipper = Shipper.start(home.resolve("a"), broker::access)) {
      long untilNs = System.nanoTime() + LIMIT.toNanos();
      while (!shipper.drain(LIMIT)) {
        assertThat(System.nanoTime()).as("events must be shipped").isLessThan(untilNs);
      }
      while (received.size() < steps) {
        add(received, viewer.await(message -> message.at(SERIES).size() > 0));
      }
    }
  }

  /** Adds the steps of a message; a whole series replaces those before. */
  private static void add(List<Long> received, JsonNode message) {
    JsonNode series = message.at(SERIES);
    if (series.has("all")) {
      received.clear();
    }
    JsonNode points = series.has("all") ? series.get("all") : series.get("append");
    points.get(0).forEach(step -> received.add(step.asLong()));
  }

  private static StepsMeasured steps(long first, int count) {
    List<Double> values = Collections.nCopies(count, 0.5);
    return new StepsMeasured(0, first, values, values, 0.1, 0.01, 100, Optional.empty());
  }
}
