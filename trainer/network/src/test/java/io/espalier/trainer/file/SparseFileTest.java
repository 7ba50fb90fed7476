package io.espalier.trainer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparseFileTest {
  private static final float[] WEIGHTS = {0, 0, 1.5f, 0, -0f, 0, 0, 0, 0, -2};

  @TempDir private Path directory;

  @Test
  void packed_smallFile_hasValuesMaskAndShapes() throws IOException {
    Safetensors sparse = SparseFile.packed(Path.of("dense"), dense());

    assertThat(sparse.tensors().keySet()).containsExactly("w.values", "b", "full", "n", "w.mask");
    StoredTensor values = sparse.tensor("w.values").orElseThrow();
    assertThat(values.dimensions()).containsExactly(3);
    assertThat(values.toFloatArray()).containsExactly(1.5f, -0f, -2);
    StoredTensor mask = sparse.tensor("w.mask").orElseThrow();
    assertThat(mask.dimensions()).containsExactly(2);
    assertThat(mask.view()).isEqualTo(ByteBuffer.wrap(new byte[] {0b0001_0100, 0b10}));
    assertThat(sparse.metadata())
        .isEqualTo(
            Map.of(
                "format", "espalier-sparse-1",
                "sparse.denseFormat", "mine",
                "recipe", "r",
                "sparse.shapes", "{\"w\":[2,5]}"));
  }

  @Test
  void unpacked_whatWasPacked_isTheDenseFileByteForByte() throws IOException {
    Path first = directory.resolve("dense.safetensors");
    Path sparse = directory.resolve("sparse.safetensors");
    Path second = directory.resolve("again.safetensors");
    Safetensors.write(first, dense().tensors(), dense().metadata());

    Safetensors packed = SparseFile.packed(Path.of("dense"), Safetensors.read(first));
    Safetensors.write(sparse, packed.tensors(), packed.metadata());
    Safetensors again = SparseFile.readDense(sparse);
    Safetensors.write(second, again.tensors(), again.metadata());

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Property(tries = 200, seed = "3")
  void unpacked_anyBits_areKept(
      @ForAll @Size(min = 1, max = 70) List<@IntRange(min = -2, max = 2) Integer> bits)
      throws IOException {
    float[] values = new float[bits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Math.max(0, bits.get(i)) * 0x7fa0_0001);
    }
    Safetensors dense =
        new Safetensors(
            Map.of("w", StoredTensor.ofFloats(List.of(1, values.length), values)), Map.of());

    Safetensors again =
        SparseFile.unpacked(Path.of("x"), SparseFile.packed(Path.of("dense"), dense));

    assertThat(again.tensors().keySet()).containsExactly("w");
    assertThat(again.tensor("w").orElseThrow().view())
        .isEqualTo(dense.tensor("w").orElseThrow().view());
    assertThat(again.metadata()).isEmpty();
  }

  @Test
  void packed_namesThatWouldCollide_staysDense() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", weights());
    tensors.put("w.values", weights());
    Safetensors dense = new Safetensors(tensors, Map.of());

    Safetensors sparse = SparseFile.packed(Path.of("dense"), dense);

    assertThat(sparse.tensors().keySet()).containsExactly("w", "w.values.values", "w.values.mask");
    assertThat(SparseFile.unpacked(Path.of("x"), sparse).tensors().keySet())
        .containsExactly("w", "w.values");
  }

  @Test
  void packed_leNetAt95Percent_isATenthOfTheDenseFile() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    int kept = 0;
    for (List<Integer> shape : List.of(List.of(300, 784), List.of(100, 300), List.of(10, 100))) {
      float[] values = new float[shape.get(0) * shape.get(1)];
      for (int unit = 0; unit < values.length; unit++) {
        values[unit] = unit % 20 == 0 ? 1 : 0;
        kept += unit % 20 == 0 ? 1 : 0;
      }
      tensors.put("w" + shape.get(0), StoredTensor.ofFloats(shape, values));
      tensors.put(
          "b" + shape.get(0), StoredTensor.ofFloats(shape.subList(0, 1), new float[shape.get(0)]));
    }
    Map<String, String> metadata = Map.of("recipe", "r".repeat(2_000));
    Path dense = directory.resolve("dense.safetensors");
    Path sparse = directory.resolve("sparse.safetensors");

    Safetensors.write(dense, tensors, metadata);
    Safetensors packed = SparseFile.packed(Path.of("dense"), Safetensors.read(dense));
    Safetensors.write(sparse, packed.tensors(), packed.metadata());

    assertThat(kept).isEqualTo(13_310);
    assertThat(Files.size(sparse)).isLessThan(Files.size(dense) / 10);
    assertThat(packed.tensors().values().stream().mapToInt(each -> each.view().remaining()).sum())
        .isEqualTo(4 * 13_310 + 29_400 + 3_750 + 125 + 4 * 410);
  }

  @Test
  void file_readByTheDocumentedLayoutAlone_givesTheValues() throws IOException {
    Path path = directory.resolve("sparse.safetensors");
    Safetensors packed = SparseFile.packed(Path.of("dense"), dense());
    Safetensors.write(path, packed.tensors(), packed.metadata());

    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) file.getLong(0);
    String header = new String(file.array(), 8, data - 8, StandardCharsets.UTF_8);
    int values = data + offset(header, "w.values");
    int mask = data + offset(header, "w.mask");
    float[] read = new float[2 * 5];
    for (int unit = 0; unit < read.length; unit++) {
      if ((file.get(mask + unit / 8) >> unit % 8 & 1) == 1) {
        read[unit] = file.getFloat(values);
        values += 4;
      }
    }

    assertThat(read).isEqualTo(WEIGHTS);
    assertThat(values - data).isEqualTo(offset(header, "b"));
  }

  @Test
  void unpacked_fewerValuesThanOnes_isRefused() throws IOException {
    assertRefused(
        tensors ->
            tensors.put("w.values", StoredTensor.ofFloats(List.of(2), new float[] {1.5f, 2})),
        "as many values as its mask has bits that are 1: tensor=w, values=2, ones=3");
  }

  @Test
  void unpacked_bitPastTheEnd_isRefused() throws IOException {
    assertRefused(
        tensors ->
            tensors.put("w.mask", StoredTensor.ofBytes(new byte[] {0b10100, (byte) 0b1000_0000})),
        "bits past a mask's end must be 0: tensor=w, units=10, bit=15");
  }

  @Test
  void unpacked_maskOfAnotherLength_isRefused() throws IOException {
    assertRefused(
        tensors -> tensors.put("w.mask", StoredTensor.ofBytes(new byte[] {7})),
        "one bit per unit: tensor=w, shape=[2, 5], mask=U8 of 1 bytes, expected=U8 of 2 bytes");
  }

  @Test
  void unpacked_valuesOfAnotherType_areRefused() throws IOException {
    assertRefused(
        tensors -> tensors.put("w.values", StoredTensor.ofBytes(new byte[3])),
        "values must be floats on one axis: tensor=w, values=U8 [3]");
  }

  @Test
  void unpacked_missingPartOrStoredTwice_isRefused() throws IOException {
    assertRefused(tensors -> tensors.remove("w.mask"), "tensor=w, values=true, mask=false");
    assertRefused(tensors -> tensors.remove("w.values"), "tensor=w, values=false, mask=true");
    assertRefused(tensors -> tensors.put("w", weights()), "values=true, mask=true, dense=true");
  }

  @Test
  void unpacked_impossibleShapes_areRefused() throws IOException {
    for (String shapes :
        List.of(
            "{\"w\":[-2,-5]}",
            "{\"w\":[2,null]}",
            "{\"w\":null}",
            "{\"w\":[99999,99999,99999,99999,99999]}",
            "{\"w\":[3,4,9]}",
            "{\"w\":[2147483647,2147483647,0]}",
            "[1]",
            "{\"v\":[2,5]}")) {
      Safetensors sparse = SparseFile.packed(Path.of("dense"), dense());
      Map<String, String> metadata = new LinkedHashMap<>(sparse.metadata());
      metadata.put("sparse.shapes", shapes);

      assertThatThrownBy(
              () -> SparseFile.unpacked(Path.of("x"), new Safetensors(sparse.tensors(), metadata)))
          .as(shapes)
          .isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void packed_metadataNamedAsThoseOfOtherFormats_comeBack() throws IOException {
    Map<String, String> metadata =
        Map.of("format", "espalier-masks-1", "shapes", "{}", "denseFormat", "x");
    Safetensors masks = new Safetensors(dense().tensors(), metadata);

    Safetensors again =
        SparseFile.unpacked(Path.of("m"), SparseFile.packed(Path.of("dense"), masks));

    assertThat(again.metadata()).isEqualTo(metadata);
  }

  @Test
  void packed_metadataOfThisForm_areRefused() {
    Safetensors claiming = new Safetensors(dense().tensors(), Map.of("sparse.shapes", "{}"));

    assertThatThrownBy(() -> SparseFile.packed(Path.of("dense"), claiming))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("key=sparse.shapes");
  }

  private static void assertRefused(Consumer<Map<String, StoredTensor>> change, String rule)
      throws IOException {
    Safetensors sparse = SparseFile.packed(Path.of("dense"), dense());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(sparse.tensors());
    change.accept(tensors);

    assertThatThrownBy(
            () -> SparseFile.unpacked(Path.of("net"), new Safetensors(tensors, sparse.metadata())))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("net: ")
        .hasMessageContaining(rule);
  }

  /** Where a tensor begins, from the text of the header. */
  private static int offset(String header, String name) {
    String after = header.substring(header.indexOf("\"" + name + "\":{"));
    String offsets = after.substring(after.indexOf("data_offsets\":[") + 15);
    return Integer.parseInt(offsets.substring(0, offsets.indexOf(',')));
  }

  private static Safetensors dense() {
    float[] full = new float[10];
    Arrays.fill(full, 3);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", weights());
    tensors.put("b", StoredTensor.ofFloats(List.of(40), new float[40]));
    tensors.put("full", StoredTensor.ofFloats(List.of(5, 2), full));
    tensors.put("n", StoredTensor.ofBytes(new byte[100]));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "mine");
    metadata.put("recipe", "r");
    return new Safetensors(tensors, metadata);
  }

  private static StoredTensor weights() {
    return StoredTensor.ofFloats(List.of(2, 5), WEIGHTS);
  }
}
