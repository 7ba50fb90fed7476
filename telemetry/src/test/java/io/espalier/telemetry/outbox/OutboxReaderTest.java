package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxReaderTest {
  @TempDir Path directory;

  @BeforeEach
  void emptyFile() throws IOException {
    Files.createFile(directory.resolve("events.jsonl"));
  }

  @Test
  void next_lineArrivesInPieces_isReadOnceComplete() throws IOException {
    String line = line(1);
    try (OutboxReader reader = OutboxReader.open(directory, 0)) {
      assertThat(reader.next()).isEmpty();
      write(line.substring(0, 20));
      assertThat(reader.next()).isEmpty();
      write(line.substring(20));
      assertThat(reader.next()).isEmpty();
      write("\n");

      OutboxReader.Line read = reader.next().orElseThrow();
      assertThat(read.envelope().sequence()).isEqualTo(1);
      assertThat(read.end()).isEqualTo(line.length() + 1);
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void open_atOffset_startsThere() throws IOException {
    write(line(1) + "\n" + line(2) + "\n");
    long second = line(1).length() + 1L;

    try (OutboxReader reader = OutboxReader.open(directory, second)) {
      assertThat(reader.next().orElseThrow().envelope().sequence()).isEqualTo(2);
      assertThat(reader.offset()).isEqualTo(2 * second);
    }
  }

  @Test
  void next_linesAcrossBuffers_allAreRead() throws IOException {
    var text = new StringBuilder();
    for (int i = 1; i <= 1_000; i++) {
      text.append(line(i)).append('\n');
    }
    write(text.toString());

    try (OutboxReader reader = OutboxReader.open(directory, 0)) {
      for (int i = 1; i <= 1_000; i++) {
        assertThat(reader.next().orElseThrow().envelope().sequence()).isEqualTo(i);
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void readAll_tornLastLine_isLeftOut() throws IOException {
    write(line(1) + "\n" + line(2) + "\n" + line(3).substring(0, 9));

    assertThat(OutboxReader.readAll(directory))
        .extracting(RawEnvelope::sequence)
        .containsExactly(1L, 2L);
    assertThat(OutboxReader.readAll(directory.resolve("none"))).isEmpty();
  }

  @Test
  void next_lineOverOneMebibyte_isRefused() throws IOException {
    write("x".repeat((1 << 20) + 1) + "\n");

    try (OutboxReader reader = OutboxReader.open(directory, 0)) {
      assertThatThrownBy(reader::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("at most 1048576 bytes")
          .hasMessageContaining("offset=0");
    }
  }

  private static String line(long sequence) {
    Envelope envelope =
        Envelope.of(new RunId("run"), sequence, 1, Instant.EPOCH, new RunResumed(1, 100));
    return new String(EventJson.line(envelope), StandardCharsets.UTF_8);
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("events.jsonl"), text, StandardOpenOption.APPEND);
  }
}
