package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTakeOverTest {
  private static final RunId RUN = new RunId("r1");
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC);

  @TempDir private Path directory;
  private final AtomicLong latest = new AtomicLong();

  @Test
  void takeOver_fromOneThatStillHoldsIt_goesOnWithSequencesAndTerm() throws IOException {
    // Given
    try (Outbox first = begin(1)) {
      first.append(stopped(1));
      first.append(stopped(2));
      Files.writeString(directory.resolve(Outbox.FILE_NAME), "{torn", StandardOpenOption.APPEND);

      // When
      try (Outbox second = begin(3)) {
        second.append(stopped(3));
      }
    }

    // Then
    assertThat(OutboxReader.readAll(directory))
        .extracting(RawEnvelope::sequence, RawEnvelope::attempt)
        .containsExactly(tuple(1L, 1), tuple(2L, 1), tuple(3L, 3));
  }

  @Test
  void append_afterALaterTermBegan_isRefusedAndReachesNobody() throws Exception {
    // Given
    try (Outbox first = begin(1)) {
      first.append(stopped(1));
      try (Outbox second = begin(2)) {
        second.append(stopped(2));

        // When
        appendUntilRefused(first);
        second.append(stopped(3));
      }
    }

    // Then
    assertThat(OutboxReader.readAll(directory))
        .extracting(RawEnvelope::attempt)
        .containsExactly(1, 2, 2);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("."))
          .isEmpty();
    }
  }

  @Test
  void append_placeTakenByAnOutlivedHolder_takesItBack() throws Exception {
    // Given
    try (Outbox second = begin(2)) {
      second.append(stopped(2));
      Files.move(
          Files.writeString(directory.resolve("late"), ""),
          directory.resolve(Outbox.FILE_NAME),
          StandardCopyOption.REPLACE_EXISTING);

      // When
      second.flush();
    }

    // Then
    assertThat(OutboxReader.readAll(directory)).hasSize(1);
  }

  @Test
  void takeOver_outlivedTerm_isRefused() throws IOException {
    // Given
    begin(5).close();

    // When Then
    assertThatThrownBy(() -> Outbox.takeOver(directory, RUN, epoch(4), CLOCK))
        .hasMessageContaining("fenced");
    assertThat(WriterEpoch.last(directory, "events.lock")).hasFileName("events.lock-5");
  }

  private Outbox begin(long term) throws IOException {
    latest.set(term);
    return Outbox.takeOver(directory, RUN, epoch(term), CLOCK);
  }

  private WriterEpoch epoch(long term) {
    return new WriterEpoch(
        term,
        () -> {
          if (latest.get() > term) {
            throw new IllegalStateException("fenced");
          }
        });
  }

  private static void appendUntilRefused(Outbox outbox) throws InterruptedException {
    Thread.sleep(Outbox.HOLD_INTERVAL.toMillis() + 10);
    assertThatThrownBy(() -> outbox.append(stopped(9))).hasMessageContaining("fenced");
  }

  private static RunEvent stopped(long step) {
    return new RunEvent.RunStopped(1, step, "interrupted");
  }
}
