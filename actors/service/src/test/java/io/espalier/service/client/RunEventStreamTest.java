package io.espalier.service.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.fault.Backoff;
import io.espalier.service.client.RunEventStream.EventLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RunEventStreamTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void connectionThatFallsSilent_isOpenedAgain() throws Exception {
    // Given
    List<Long> asked = new CopyOnWriteArrayList<>();
    RunEventStream.Source source =
        after -> {
          asked.add(after);
          return asked.size() == 1 ? silentAfter("id: 1\ndata: a\n\n") : of("event: end\n\n");
        };

    // When
    try (RunEventStream events =
        RunEventStream.follow(
            source, 0, Backoff.exponential(SHORT, SHORT), Duration.ofMillis(20))) {
      while (!events.ended()) {
        events.next(SHORT);
      }
    }

    // Then
    assertThat(asked).containsExactly(0L, 1L);
  }

  @Test
  void idThatIsNoNumber_endsTheEvents() {
    RunEventStream.Source source = after -> of("id: x\ndata: a\n\n");

    assertThatThrownBy(() -> drain(source)).hasMessageContaining("id=x");
  }

  @Test
  void serviceThatIsAway_isNotConnected() throws Exception {
    RunEventStream.Source source =
        after -> {
          throw new IOException("away");
        };

    try (RunEventStream events =
        RunEventStream.follow(
            source, 0, Backoff.exponential(SHORT, SHORT), Duration.ofMinutes(1))) {
      while (events.connected()) {
        assertThat(events.next(SHORT)).isEmpty();
      }
      assertThat(events.ended()).isFalse();
    }
  }

  private static void drain(RunEventStream.Source source) throws InterruptedException {
    try (RunEventStream events =
        RunEventStream.follow(
            source, 0, Backoff.exponential(SHORT, SHORT), Duration.ofMinutes(1))) {
      while (!events.ended()) {
        Optional<EventLine> unused = events.next(SHORT);
      }
    }
  }

  private static InputStream of(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A stream that stays open, and whose reader wakes when it is closed. */
  private static InputStream silentAfter(String text) throws IOException {
    PipedOutputStream sender = new PipedOutputStream();
    PipedInputStream in =
        new PipedInputStream(sender) {
          @Override
          public void close() throws IOException {
            sender.close();
            super.close();
          }
        };
    sender.write(text.getBytes(StandardCharsets.UTF_8));
    sender.flush();
    return in;
  }
}
