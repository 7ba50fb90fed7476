package io.espalier.trainer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.KafkaConfig;
import io.espalier.configs.KafkaConfig.Records;
import io.espalier.configs.KafkaConfig.Texts;
import io.espalier.configs.VocabularyConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of a text in records of any length, against those of the text in one piece. */
final class TextCursorTest {
  private static final int CONTEXT = 5;
  private static final RecordFormat FORMAT = format();

  private static RecordFormat format() {
    KafkaConfig stream =
        new KafkaConfig(
            "t",
            List.of(),
            new Texts(
                new VocabularyConfig.Bytes(),
                CONTEXT,
                List.of(),
                OptionalDouble.of(1),
                Records.TEXT),
            .1,
            5,
            KafkaConfig.Start.EARLIEST);
    return RecordFormat.of(stream, DeclaredData.of(stream));
  }

  /** A text cut into records of 1 to 13 bytes, some of them followed by a malformed one. */
  private static List<StreamRecord.Content> cut(String text) {
    List<StreamRecord.Content> contents = new ArrayList<>();
    Random random = new Random(7);
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(13));
      byte[] part = text.substring(at, end).getBytes(StandardCharsets.US_ASCII);
      contents.add(FORMAT.decode(Optional.empty(), Optional.of(part)));
      if (random.nextInt(4) == 0) {
        contents.add(new StreamRecord.Malformed("bad"));
      }
      at = end;
    }
    return contents;
  }

  private static String text() {
    Random random = new Random(3);
    return IntStream.range(0, 400)
        .mapToObj(i -> String.valueOf((char) ('a' + random.nextInt(26))))
        .reduce("", String::concat);
  }

  private static List<String> windows(String text) {
    return IntStream.range(0, (text.length() - 1) / CONTEXT)
        .mapToObj(i -> text.substring(i * CONTEXT, (i + 1) * CONTEXT + 1))
        .toList();
  }

  private static List<String> read(StreamCursor cursor) {
    List<String> windows = new ArrayList<>();
    for (Optional<StreamRecord.Example> next = cursor.next(Duration.ZERO);
        next.isPresent();
        next = cursor.next(Duration.ZERO)) {
      windows.add(text(next.get()));
    }
    return windows;
  }

  private static String text(StreamRecord.Example window) {
    float[] values = new float[window.features()];
    window.copyTo(values, 0);
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append((char) value);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void next_partsInAnyCut_givesTheWindowsOfTheWholeText(int partitions) {
    MemoryStream stream = MemoryStream.dealt(cut(text()), partitions);

    List<String> read = read(new StreamCursor(stream, stream.start(), FORMAT));

    assertThat(read).isEqualTo(windows(text())).hasSize(79);
  }

  @Test
  void position_afterAnyWindow_leadsOnToTheRest() {
    MemoryStream stream = MemoryStream.dealt(cut(text()), 3);
    List<String> all = windows(text());
    StreamCursor cursor = new StreamCursor(stream, stream.start(), FORMAT);

    for (int i = 0; i < all.size(); i++) {
      assertThat(cursor.next(Duration.ZERO)).isPresent();
      StreamPosition before = cursor.beforeLast();
      StreamPosition after = cursor.position();

      assertThat(before.accepted()).isEqualTo(i);
      assertThat(after.accepted()).isEqualTo(i + 1);
      assertThat(read(new StreamCursor(stream, before, FORMAT)))
          .isEqualTo(all.subList(i, all.size()));
      StreamCursor resumed = new StreamCursor(stream, after, FORMAT);
      assertThat(resumed.position()).isEqualTo(after);
      assertThat(read(resumed)).isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void position_readAgainFromAnyWindow_isTheSame() {
    MemoryStream stream = MemoryStream.dealt(cut(text()), 2);
    List<StreamPosition> positions = positions(stream, stream.start());

    for (int i = 0; i < positions.size(); i += 7) {
      assertThat(positions(stream, positions.get(i)))
          .isEqualTo(positions.subList(i + 1, positions.size()));
    }
  }

  private static List<StreamPosition> positions(MemoryStream stream, StreamPosition from) {
    List<StreamPosition> positions = new ArrayList<>();
    StreamCursor cursor = new StreamCursor(stream, from, FORMAT);
    while (cursor.next(Duration.ZERO).isPresent()) {
      positions.add(cursor.position());
    }
    return positions;
  }
}
