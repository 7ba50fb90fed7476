package io.espalier.trainer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.file.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
  private static final String HEADER =
      "{\"__metadata__\":{\"recipe\":\"a\"},"
          + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
          + "\"m\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]}}";

  @TempDir Path directory;

  private static Map<String, StoredTensor> small() {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", StoredTensor.ofFloats(List.of(1, 2), new float[] {1, -2}));
    tensors.put("m", StoredTensor.ofBits(3, bit -> bit != 1));
    return tensors;
  }

  private Path write(String json, int dataBytes) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return Files.write(
        directory.resolve("t.safetensors"), framed(header, header.length, dataBytes));
  }

  private static byte[] framed(byte[] header, long announced, int dataBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(announced).array());
    out.write(header);
    out.write(new byte[dataBytes]);
    return out.toByteArray();
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String json, int dataBytes)
      throws IOException {
    Path path = write(json, dataBytes);
    return assertThatThrownBy(() -> Safetensors.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(path + ": ");
  }

  @Test
  void write_smallFile_hasTheseBytes() throws IOException {
    Path path = directory.resolve("t.safetensors");

    Safetensors.write(path, small(), Map.of("recipe", "a"));

    byte[] bytes = Files.readAllBytes(path);
    int padded = (HEADER.length() + 7) / 8 * 8;
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong()).isEqualTo(padded);
    assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
        .isEqualTo(HEADER + " ".repeat(padded - HEADER.length()));
    assertThat(HexFormat.of().formatHex(bytes, 8 + padded, bytes.length))
        .isEqualTo("0000803f" + "000000c0" + "05");
  }

  @Test
  void read_whatWasWritten_isEqual() throws IOException {
    Path path = directory.resolve("t.safetensors");
    Safetensors.write(path, small(), Map.of("recipe", "x\n\"é\""));

    Safetensors file = Safetensors.read(path);

    assertThat(file.metadata()).isEqualTo(Map.of("recipe", "x\n\"é\""));
    assertThat(file.tensors().keySet()).containsExactly("w", "m");
    StoredTensor weight = file.tensor("w").orElseThrow();
    assertThat(weight.dimensions()).containsExactly(1, 2);
    assertThat(weight.toFloatArray()).containsExactly(1, -2);
    StoredTensor mask = file.tensor("m").orElseThrow();
    assertThat(List.of(mask.bit(0), mask.bit(1), mask.bit(2))).containsExactly(true, false, true);
    assertThat(file.tensor("x")).isEmpty();
  }

  @Test
  void write_deferredFloats_hasTheBytesOfThoseInMemory() throws IOException {
    // given
    float[] values = new float[200_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5f - 7;
    }
    List<Integer> dimensions = List.of(3, values.length / 3);
    Path inMemory = directory.resolve("a");
    Path deferred = directory.resolve("b");

    // when
    Safetensors.write(inMemory, Map.of("w", StoredTensor.ofFloats(dimensions, values)), Map.of());
    Safetensors.write(
        deferred,
        Map.of(
            "w",
            StoredTensor.deferred(
                dimensions, (from, target) -> target.put(values, from, target.remaining()))),
        Map.of());

    // then
    assertThat(deferred).hasSameBinaryContentAs(inMemory);
  }

  @Test
  void write_overAnOldFile_replacesItAndLeavesNothingBeside() throws IOException {
    Path path = Files.writeString(directory.resolve("t.safetensors"), "old");

    Safetensors.write(path, small(), Map.of());

    assertThat(Safetensors.read(path).tensors()).hasSize(2);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void write_thatFails_keepsTheOldFile() throws IOException {
    Path path = Files.writeString(directory.resolve("t"), "old");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    path,
                    out -> {
                      out.write(1);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(path).hasContent("old");
    assertThat(directory.resolve("t.part")).doesNotExist();
  }

  @Test
  void read_unorderedHeaderAndScalarAndEmpty_areAccepted() throws IOException {
    Path path =
        write(
            "{\"b\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[4,8]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
            8);

    Safetensors file = Safetensors.read(path);

    assertThat(file.tensors().keySet()).containsExactly("a", "b", "none");
    assertThat(file.tensor("a").orElseThrow().size()).isEqualTo(1);
    assertThat(file.metadata()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                                    | 0 | a header must be a JSON object
          {"a":                                                                 | 0 | a header must be JSON
          {} x                                                                  | 0 | a header must be JSON
          {"a":1}                                                               | 0 | a: dtype must be one of [F32, U8, BOOL,
          {"a":{"dtype":"F17","shape":[2],"data_offsets":[0,4]}}                | 4 | F8_E8M0]: "F17"
          {"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}                 | 2 | a: data_offsets must span the shape's bytes
          {"a":{"dtype":"F32","data_offsets":[0,4]}}                            | 4 | a: must have a list 'shape'
          {"a":{"dtype":"F32","shape":[1]}}                                     | 4 | a: must have a list 'data_offsets'
          {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}               | 4 | a: shape must hold lengths
          {"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}              | 4 | a: shape must hold lengths
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}                  | 4 | a: data_offsets must be two numbers
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}               | 4 | a: data_offsets must be two numbers
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}                | 4 | a: data_offsets must span the shape's bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                | 4 | a: data_offsets must span the shape's bytes
          {"a":{"dtype":"U8","shape":[2147483647,2147483647,9],"data_offsets":[0,4]}} | 4 | a: data_offsets must span the shape's bytes
          {"a":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}} | 4 | tensors must cover the file, bytes=4
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                | 8 | without gap or overlap, expected begin=0
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                | 5 | tensors must cover the file, bytes=5
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                | 3 | tensors must cover the file, bytes=3
          {"__metadata__":{"k":1}}                                              | 0 | __metadata__ must hold text only
          """)
  void read_brokenHeader_namesTheRule(String json, int dataBytes, String rule) throws IOException {
    assertRefused(json, dataBytes).hasMessageContaining(rule);
  }

  @Test
  void read_overlap_isRefused() throws IOException {
    assertRefused(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            8)
        .hasMessageContaining("without gap or overlap, expected begin=8");
  }

  @Test
  void read_nameTwice_isRefused() throws IOException {
    String entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    assertRefused("{" + entry + "," + entry + "}", 4).hasMessageContaining("unique names");
  }

  @Test
  void read_headerLengthBeyondTheFileOrTheLimit_isRefused() throws IOException {
    for (long announced : new long[] {0, 1, 3, 1L << 40, -1}) {
      Path path = directory.resolve("t" + announced);
      Files.write(path, framed(new byte[] {'{', '}'}, announced, 0));

      assertThatThrownBy(() -> Safetensors.read(path))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("header=" + Long.toUnsignedString(announced));
    }
  }

  @Test
  void read_fileOfFewerThanEightBytes_isRefused() throws IOException {
    Path path = Files.write(directory.resolve("tiny"), new byte[7]);

    assertThatThrownBy(() -> Safetensors.read(path)).hasMessageContaining("bytes=7");
  }

  @Test
  void read_cutAnywhere_isRefused() throws IOException {
    Path path = directory.resolve("t.safetensors");
    Safetensors.write(path, small(), Map.of());
    byte[] whole = Files.readAllBytes(path);

    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.read(path)).isInstanceOf(MalformedFileException.class);
    }
  }
}
