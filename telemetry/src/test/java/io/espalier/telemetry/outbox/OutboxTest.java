package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxTest {
  private static final RunId RUN = new RunId("run");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  @TempDir Path directory;

  @Test
  void append_everyEvent_isReadBack() throws IOException {
    List<Envelope> appended;
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      appended = SampleEvents.all().stream().map(outbox::append).toList();
    }

    List<Envelope> read = new ArrayList<>();
    for (RawEnvelope envelope : lines()) {
      read.add(envelope.decode().orElseThrow());
    }
    assertThat(read).isEqualTo(appended);
  }

  @Test
  void append_sourcesAndTopics_countOnTheirOwn() throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      assertThat(outbox.append(new RunResumed(1, 0)).sequence()).isEqualTo(1);
      assertThat(outbox.append(SampleEvents.steps(0, 1, 1.0)).sequence()).isEqualTo(1);
      assertThat(outbox.append(SampleEvents.steps(1, 1, 1.0)).sequence()).isEqualTo(1);
      assertThat(outbox.append(SampleEvents.steps(1, 2, 1.0)).sequence()).isEqualTo(2);
      assertThat(outbox.append(new RunStopped(1, 2, "x")).sequence()).isEqualTo(2);
    }
  }

  @Test
  void open_again_continuesSequencesAndAttempts() throws IOException {
    append(new RunResumed(1, 0), new RunResumed(1, 1));

    try (Outbox outbox = Outbox.open(directory, new RunId("renamed"), CLOCK)) {
      Envelope envelope = outbox.append(new RunResumed(2, 1));

      assertThat(outbox.run()).isEqualTo(RUN);
      assertThat(envelope.sequence()).isEqualTo(3);
      assertThat(envelope.attempt()).isEqualTo(2);
      assertThat(envelope.source()).isEqualTo("run");
    }
  }

  @Test
  void open_afterAlerts_knowsThoseThatWereNotCleared() throws IOException {
    append(
        new AlertRaised(AlertRaised.DISK_LOW, 1, "100 MB are free"),
        new AlertRaised(AlertRaised.DEAD_TRAINER, 1, "trainer-0 failed"),
        new AlertCleared(AlertRaised.DEAD_TRAINER, 2, "it is back"));

    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      assertThat(outbox.openAlerts()).containsExactly(AlertRaised.DISK_LOW);
    }
  }

  @Test
  void open_callerCountsAttempts_takesTheLarger() throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, 5, CLOCK)) {
      outbox.append(new RunResumed(5, 0));
    }

    try (Outbox outbox = Outbox.open(directory, RUN, 3, CLOCK)) {
      assertThat(outbox.attempt()).isEqualTo(6);
    }
  }

  @Test
  void open_tornLastLine_isCutOff() throws IOException {
    append(new RunResumed(1, 0), new RunResumed(1, 1));
    byte[] whole = Files.readAllBytes(file());
    for (int lost = 1; lost < whole.length / 2; lost += 7) {
      Files.write(file(), Arrays.copyOf(whole, whole.length - lost));

      try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
        assertThat(outbox.append(new RunStopped(2, 1, "again")).sequence()).isEqualTo(2);
      }

      assertThat(lines()).extracting(RawEnvelope::sequence).containsExactly(1L, 2L);
    }
  }

  @Test
  void open_damagedLine_isLeftOutAndNamed() throws IOException {
    append(new RunResumed(1, 0));
    long damagedAt = Files.size(file());
    append(new RunResumed(2, 1), new RunResumed(2, 2));
    byte[] bytes = Files.readAllBytes(file());
    bytes[(int) damagedAt] ^= 1;
    Files.write(file(), bytes);

    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      assertThat(outbox.damage().orElseThrow())
          .contains("file=" + file(), "lines that are none=1, offset of the first=" + damagedAt);
      assertThat(outbox.append(new RunStopped(3, 1, "again")).sequence()).isEqualTo(4);
    }

    assertThat(lines()).extracting(RawEnvelope::sequence).containsExactly(1L, 3L, 4L);
    assertThat(Arrays.copyOf(Files.readAllBytes(file()), bytes.length)).isEqualTo(bytes);
  }

  @Test
  void open_anyFlippedBit_goesOnAndKeepsTheRest() throws IOException {
    append(new RunResumed(1, 0), new RunResumed(1, 1), new RunResumed(1, 2));
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < whole.length - 1; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << at % 7);
      Files.write(file(), bytes);

      try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
        outbox.append(new RunStopped(2, 1, "again"));
      }

      assertThat(lines()).as("byte %d", at).hasSizeBetween(2, 4);
      assertThat(RunHistory.read(directory).last(RunStopped.class)).isPresent();
    }
  }

  @Test
  void open_fileOfSomethingElse_isRefused() throws IOException {
    Files.writeString(file(), "not an event\nnor this\n");

    assertThatThrownBy(() -> Outbox.open(directory, RUN, CLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("an outbox must hold events: file=" + file())
        .hasMessageContaining("lines that are none=2; restore the file, or begin its recipe");
    assertThat(file()).hasContent("not an event\nnor this\n");
  }

  @Test
  void append_manyThreads_losesNothingAndLeavesNoGap() throws Exception {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      List<Thread> threads =
          IntStream.range(0, 4)
              .mapToObj(t -> new Thread(() -> repeat(outbox, 250)))
              .peek(Thread::start)
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(lines())
        .extracting(RawEnvelope::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
  }

  @Test
  void append_severalEvents_areLinesInOrderWithTheirOwnSequences() throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      outbox.append(
          List.of(SampleEvents.steps(0, 1, 0.5), new RunResumed(1, 5), new RunResumed(1, 6)));
      outbox.append(new RunResumed(1, 7));
    }

    assertThat(lines()).extracting(RawEnvelope::sequence).containsExactly(1L, 1L, 2L, 3L);
    assertThat(lines())
        .extracting(RawEnvelope::id)
        .containsExactly("run/trainer-0/metrics-1", "run/events-1", "run/events-2", "run/events-3");
  }

  @Test
  void append_oneOfSeveralIsTooLong_writesNone() throws IOException {
    Event tooLong = new RunFailed(1, 5, "x".repeat(OutboxReader.MAX_LINE_BYTES));
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      assertThatThrownBy(() -> outbox.append(List.of(new RunResumed(1, 5), tooLong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes=");
      assertThat(outbox.append(new RunResumed(1, 6)).sequence()).isEqualTo(1);
    }

    assertThat(lines()).hasSize(1);
  }

  @Test
  void append_interruptedCaller_leavesOutboxUsable() throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      Thread.currentThread().interrupt();
      outbox.append(new RunResumed(1, 0));
      assertThat(Thread.interrupted()).isTrue();

      assertThat(outbox.append(new RunResumed(1, 1)).sequence()).isEqualTo(2);
    }
    assertThat(lines()).hasSize(2);
  }

  @Test
  void append_clockStepsBack_keepsTimeRising() throws IOException {
    Instant start = Instant.parse("2026-01-01T00:00:10Z");
    var clock = new SteppingClock(start);
    try (Outbox outbox = Outbox.open(directory, RUN, clock)) {
      outbox.append(new RunResumed(1, 0));
      clock.now = start.minusSeconds(5);

      assertThat(outbox.append(new RunResumed(1, 1)).time()).isEqualTo(start);
    }
  }

  @Test
  void open_whileAnotherIsOpen_isRefused() throws IOException {
    Outbox first = Outbox.open(directory, RUN, CLOCK);

    assertThatThrownBy(() -> Outbox.open(directory, RUN, CLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("one process at a time");

    first.close();
    Outbox.open(directory, RUN, CLOCK).close();
  }

  @Test
  void open_clockWasSetBack_keepsTimeRisingAcrossAttempts() throws IOException {
    append(new RunResumed(1, 0));
    Clock back = Clock.offset(CLOCK, Duration.ofDays(-2));

    try (Outbox outbox = Outbox.open(directory, RUN, back)) {
      assertThat(outbox.clockLag()).isEqualTo(Duration.ofDays(2));
      assertThat(outbox.append(new RunResumed(2, 0)).time()).isEqualTo(CLOCK.instant());
    }
    try (Outbox outbox = Outbox.open(directory, RUN, Clock.offset(CLOCK, Duration.ofDays(1)))) {
      assertThat(outbox.clockLag()).isZero();
    }
  }

  @Test
  void append_afterClose_throwsWithWayOut() throws IOException {
    Outbox outbox = Outbox.open(directory, RUN, CLOCK);
    outbox.close();
    outbox.close();

    assertThatThrownBy(() -> outbox.append(new RunResumed(1, 0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("file=" + file());
    assertThat(file()).isEmptyFile();
  }

  @Test
  void flush_afterAppend_returns() throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      outbox.append(new RunResumed(1, 0));
      outbox.flush();

      assertThat(lines()).hasSize(1);
    }
  }

  private static void repeat(Outbox outbox, int times) {
    for (int i = 0; i < times; i++) {
      outbox.append(new RunResumed(1, i));
    }
  }

  private void append(Event... events) throws IOException {
    try (Outbox outbox = Outbox.open(directory, RUN, CLOCK)) {
      List.of(events).forEach(outbox::append);
    }
  }

  private Path file() {
    return directory.resolve("events.jsonl");
  }

  private List<RawEnvelope> lines() throws IOException {
    List<RawEnvelope> lines = new ArrayList<>();
    try (OutboxReader reader = OutboxReader.open(directory, 0)) {
      for (Optional<OutboxReader.Line> line = reader.next();
          line.isPresent();
          line = reader.next()) {
        lines.add(line.get().envelope());
      }
    }
    return lines;
  }

  private static final class SteppingClock extends Clock {
    private Instant now;

    SteppingClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
