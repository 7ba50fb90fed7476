package io.espalier.trainer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.KafkaConfig;
import io.espalier.configs.KafkaConfig.Records;
import io.espalier.configs.KafkaConfig.Texts;
import io.espalier.configs.VocabularyConfig;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.stream.StreamRecord.Example;
import io.espalier.trainer.stream.StreamRecord.Malformed;
import io.espalier.trainer.stream.StreamRecord.TextPart;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextFormatTest {
  private static final Texts LABELLED =
      new Texts(
          new VocabularyConfig.Bytes(),
          4,
          List.of("ham", "spam"),
          OptionalDouble.empty(),
          Records.JSON);
  private static final Texts ONE_TEXT = oneText(Records.JSON);

  private static Texts oneText(Records records) {
    return new Texts(new VocabularyConfig.Bytes(), 4, List.of(), OptionalDouble.of(1), records);
  }

  private static RecordFormat format(Texts texts) {
    KafkaConfig stream = new KafkaConfig("t", List.of(), texts, .1, 5, KafkaConfig.Start.EARLIEST);
    return RecordFormat.of(stream, DeclaredData.of(stream));
  }

  private static StreamRecord.Content read(Texts texts, Optional<String> type, String value) {
    return format(texts).decode(type, Optional.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(StreamRecord.Content content) {
    TextPart part = (TextPart) content;
    byte[] bytes = new byte[part.count()];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) part.token(i));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void labelledText_shorterOrLonger_isFilledUpOrCut() {
    assertThat(read(LABELLED, Optional.empty(), "{\"text\":\"ab\",\"label\":\"spam\"}"))
        .isEqualTo(new Example(new float[] {98, 99, 0, 0}, 1));
    assertThat(read(LABELLED, Optional.empty(), "{\"label\":0,\"at\":[1],\"text\":\"abcdef\"}"))
        .isEqualTo(new Example(new float[] {98, 99, 100, 101}, 0));
  }

  @Test
  void partOfAText_asJsonOrPlain_isItsTokens() {
    assertThat(text(read(ONE_TEXT, Optional.empty(), "{\"text\":\"häß\\n\",\"label\":7}")))
        .isEqualTo("häß\n");
    assertThat(text(read(ONE_TEXT, Optional.of("text/plain; charset=utf-8"), "{\"a\"")))
        .isEqualTo("{\"a\"");
    assertThat(text(read(oneText(Records.TEXT), Optional.empty(), "plain"))).isEqualTo("plain");
    assertThat(
            text(read(oneText(Records.TEXT), Optional.of("application/json"), "{\"text\":\"x\"}")))
        .isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"label\":0} | a record must have a text",
        "{\"text\":\"a\"} | a record must have a label",
        "{\"text\":\"\",\"label\":0} | a text must have a token",
        "{\"text\":5,\"label\":0} | a text must be a string",
        "{\"text\":\"a\",\"label\":\"eggs\"} | a label must be a class of the recipe: label=eggs",
        "{\"text\":\"a\",\"label\":2} | a label must be the number of a class, from 0 to 1: label=2",
        "{\"text\":\"a\",\"text\":\"b\",\"label\":0} | a record must be JSON: Duplicate field",
        "plain | a record must be JSON",
        "[] | a record must be a JSON object"
      })
  void labelledText_thatHoldsNoExample_saysWhy(String value, String reason) {
    assertThat(read(LABELLED, Optional.empty(), value))
        .isInstanceOfSatisfying(
            Malformed.class, content -> assertThat(content.reason()).startsWith(reason));
  }

  @Test
  void record_ofAnotherKind_saysWhy() {
    assertThat(read(LABELLED, Optional.of("text/plain"), "a"))
        .isEqualTo(new Malformed("a record must be JSON with a label: plain text has none"));
    assertThat(read(ONE_TEXT, Optional.of("image/png"), "a"))
        .isEqualTo(
            new Malformed(
                "content-type must be application/json or text/plain: content-type=image/png"));
    assertThat(format(ONE_TEXT).decode(Optional.empty(), Optional.empty()))
        .isEqualTo(new Malformed("a record must have a value"));
    assertThat(
            format(ONE_TEXT)
                .decode(Optional.of("text/plain"), Optional.of(new byte[(1 << 24) + 1])))
        .isEqualTo(new Malformed("a record must be of at most 16777216 bytes: bytes=16777217"));
  }

  @Test
  void raw_windows_haveTheTokensBehindAsLabels() {
    Examples examples =
        format(ONE_TEXT)
            .raw(
                List.of(
                    new Example(new float[] {1, 2, 3, 4, 5}, 0),
                    new Example(new float[] {5, 6, 7, 8, 9}, 0)));

    assertThat(examples.count()).isEqualTo(2);
    assertThat(examples.positions()).isEqualTo(4);
    assertThat(examples.raw(1, 0)).isEqualTo(5);
    assertThat(examples.labels()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
  }
}
