package io.espalier.trainer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.stream.StreamRecord.Example;
import io.espalier.trainer.stream.StreamRecord.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExampleFormatTest {
  private static final Optional<String> BINARY = Optional.of(ExampleFormat.BINARY);

  private final ExampleFormat format = new ExampleFormat(3, List.of("cat", "dog"));

  private StreamRecord.Content json(String text) {
    return format.decode(Optional.empty(), Optional.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private StreamRecord.Content binary(String hex) {
    return format.decode(BINARY, Optional.of(HexFormat.of().parseHex(hex)));
  }

  @Test
  void json_withAName_isAnExampleOfThatClass() {
    assertThat(json("{\"features\":[0, 0.5, -1e3], \"label\":\"dog\"}"))
        .isEqualTo(new Example(new float[] {0, 0.5f, -1000}, 1));
  }

  @Test
  void json_withANumberAndMoreFields_isAnExample() {
    assertThat(json("{\"id\":{\"features\":[1]},\"label\":0,\"features\":[1,2,3],\"at\":[]}"))
        .isEqualTo(new Example(new float[] {1, 2, 3}, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"features\":[1,2],\"label\":0} | a record must have the features of the recipe:"
            + " expected=3, found=2",
        "{\"features\":[1,2,3,4],\"label\":0} | a record must have the features of the recipe:"
            + " expected=3, found=4",
        "{\"features\":[1,\"2\",3],\"label\":0} | features must be numbers: feature=1, value=2",
        "{\"features\":[1,2,1e39],\"label\":0} | features must be finite: feature=2,"
            + " value=Infinity",
        "{\"features\":[1,2,NaN],\"label\":0} | a record must be JSON",
        "{\"features\":[1,2,null],\"label\":0} | features must be numbers: feature=2, value=null",
        "{\"features\":[[1,2,3]],\"label\":0} | features must be numbers: feature=0, value=[",
        "{\"features\":1,\"label\":0} | features must be an array of numbers",
        "{\"label\":0} | a record must have features: an array of numbers",
        "{\"features\":[1,2,3]} | a record must have a label",
        "{\"features\":[1,2,3],\"label\":2} | a label must be the number of a class, from 0 to 1:"
            + " label=2",
        "{\"features\":[1,2,3],\"label\":-1} | a label must be the number of a class, from 0 to 1",
        "{\"features\":[1,2,3],\"label\":99999999999999999999} | a record must be JSON",
        "{\"features\":[1,2,3],\"label\":\"cow\"} | a label must be a class of the recipe:"
            + " label=cow",
        "{\"features\":[1,2,3],\"label\":0.5} | a label must be the name or the number of a class",
        "{\"features\":[1,2,3],\"label\":0}{} | a record must hold one JSON object",
        "{\"features\":[1,2,3],\"label\":0,\"label\":1} | a record must be JSON: Duplicate field",
        "{\"features\":[1,2,3],\"label\":0 | a record must be JSON",
        "[1,2,3] | a record must be a JSON object",
        "``| a record must be a JSON object",
      })
  void json_thatHoldsNoExample_saysWhy(String text, String reason) {
    assertThat(json(text))
        .isInstanceOfSatisfying(
            Malformed.class, malformed -> assertThat(malformed.reason()).startsWith(reason));
  }

  @Test
  void binary_ofBytes_isAnExampleOfUnsignedValues() {
    assertThat(binary("01000000" + "01000000" + "00ff10"))
        .isEqualTo(new Example(new float[] {0, 255, 16}, 1));
  }

  @Test
  void binary_ofFloats_isLittleEndian() {
    assertThat(binary("01010000" + "00000000" + "0000803f" + "000000bf" + "00000000"))
        .isEqualTo(new Example(new float[] {1, -0.5f, 0}, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "02000000000000000102ff, a binary record must begin with version 1",
    "0100, a binary record must begin with version 1",
    "010200000000000000ffff, values must be of type 0 or 1",
    "0100010000000000010203, bytes 2 and 3 of a binary record must be 0",
    "0100000002000000010203, 'a label must be the number of a class, from 0 to 1: label=2'",
    "01000000000000000102, 'a record must have the features of the recipe: expected=3, found=2'",
    "010100000000000001020304050607080910, a binary record must hold whole values",
    "01010000000000000000c07f0000000000000000, 'features must be finite: feature=0, value=NaN'",
  })
  void binary_thatHoldsNoExample_saysWhy(String hex, String reason) {
    assertThat(binary(hex))
        .isInstanceOfSatisfying(
            Malformed.class, malformed -> assertThat(malformed.reason()).isEqualTo(reason));
  }

  @Test
  void toBinary_readBack_isTheSameExample() {
    for (float[] values : List.of(new float[] {0, 255, 7}, new float[] {0, 255.5f, -7})) {
      byte[] bytes = ExampleFormat.toBinary(values, 1);

      assertThat(format.decode(BINARY, Optional.of(bytes))).isEqualTo(new Example(values, 1));
    }
    assertThat(ExampleFormat.toBinary(new float[] {0, 255, 7}, 1)).hasSize(11);
    assertThat(ExampleFormat.toBinary(new float[] {0, 255, 7.5f}, 1)).hasSize(20);
  }

  @Test
  void record_withoutAValueTooLongOrOfAnotherType_holdsNoExample() {
    assertThat(format.decode(Optional.empty(), Optional.empty()))
        .isEqualTo(new Malformed("a record must have a value"));
    assertThat(format.decode(Optional.empty(), Optional.of(new byte[65_729])))
        .isEqualTo(new Malformed("a record must be of at most 65728 bytes: bytes=65729"));
    assertThat(format.decode(Optional.of("text/csv; x=1"), Optional.of(new byte[1])))
        .isEqualTo(
            new Malformed(
                "content-type must be application/json or application/vnd.espalier.example:"
                    + " content-type=text/csv"));
  }

  @Test
  void record_ofAnyBytes_neverThrows() {
    Random random = new Random(1);
    byte[] sound = "{\"features\":[1,2,3],\"label\":0}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(sound, random.nextInt(sound.length + 1));
      for (int changes = random.nextInt(4); bytes.length > 0 && changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Optional<String> type = random.nextBoolean() ? BINARY : Optional.empty();

      assertThat(format.decode(type, Optional.of(bytes))).isNotNull();
    }
  }
}
