package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.MaskFile.StoredMasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskFileTest {
  private static final ParameterId WEIGHT = new ParameterId("fc1.weight");
  private static final ParameterShape SHAPE = new ParameterShape(WEIGHT, List.of(2, 5));
  private static final Layout LAYOUT =
      Layout.dense(List.of(SHAPE, new ParameterShape(new ParameterId("fc1.bias"), List.of(2))));
  private static final Mask MASK = Mask.of(10, unit -> List.of(0, 3, 9).contains(unit));
  private static final MaskSet MASKS = MaskSet.dense(LAYOUT, List.of(WEIGHT)).next(List.of(MASK));

  @TempDir private Path directory;

  @Test
  void write_ofTenUnits_packsLowBitFirstIntoTwoBytes() throws IOException {
    Safetensors file = Safetensors.read(written());

    assertThat(file.tensors().keySet()).containsExactly("fc1.weight");
    StoredTensor tensor = file.tensor("fc1.weight").orElseThrow();
    assertThat(tensor.type()).isEqualTo(StoredTensor.Type.U8);
    assertThat(tensor.dimensions()).containsExactly(2);
    assertThat(tensor.view().get(0)).isEqualTo((byte) 0b0000_1001);
    assertThat(tensor.view().get(1)).isEqualTo((byte) 0b0000_0010);
    assertThat(file.metadata())
        .containsEntry("format", "espalier-masks-1")
        .containsEntry("version", "1")
        .containsEntry("layout", LAYOUT.digest())
        .containsEntry("shapes", "{\"fc1.weight\":[2,5]}")
        .containsEntry("kept", "{\"fc1.weight\":3}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kept|{\"fc1.weight\":null}",
        "shapes|{\"fc1.weight\":null}",
        "shapes|{\"fc1.weight\":[null,5]}",
        "shapes|{\"fc1.weight\":[2,5,null]}",
        "version|null"
      })
  void read_nullInMetadata_isRefused(String name, String value) throws IOException {
    Safetensors file = Safetensors.read(written());
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put(name, value);
    Path hostile = directory.resolve("hostile.safetensors");
    Safetensors.write(hostile, file.tensors(), metadata);

    assertThatThrownBy(() -> MaskFile.read(hostile))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("metadata must be JSON of its kind: name=" + name);
  }

  @Test
  void read_afterWrite_returnsTheMasks() throws IOException {
    StoredMasks read = MaskFile.read(written());

    assertThat(read)
        .isEqualTo(
            new StoredMasks(1, LAYOUT.digest(), List.of(new StoredMasks.Entry(SHAPE, MASK))));
    assertThat(read.kept()).isEqualTo(3);
    assertThat(read.total()).isEqualTo(10);
  }

  @Test
  void read_ofBitsThatContradictTheCounts_isRefused() throws IOException {
    Safetensors file = Safetensors.read(written());
    Path path = directory.resolve("changed.safetensors");
    Safetensors.write(
        path, Map.of("fc1.weight", StoredTensor.ofBytes(new byte[] {1, 0})), file.metadata());

    assertThatThrownBy(() -> MaskFile.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("parameter=fc1.weight, bits=1, kept=3");
  }

  @Test
  void read_ofShapesThatContradictTheTensors_isRefused() throws IOException {
    Safetensors file = Safetensors.read(written());
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("shapes", "{\"fc1.weight\":[2,50]}");
    Path path = directory.resolve("changed.safetensors");
    Safetensors.write(path, file.tensors(), metadata);

    assertThatThrownBy(() -> MaskFile.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("units=100, type=U8, bytes=2");
  }

  @Test
  void read_ofForeignFile_isRefused() throws IOException {
    Path path = directory.resolve("foreign.safetensors");
    Safetensors.write(path, Map.of(), Map.of());

    assertThatThrownBy(() -> MaskFile.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("format=none");
  }

  private Path written() throws IOException {
    Path path = directory.resolve("masks.safetensors");
    MaskFile.write(path, MASKS);
    return path;
  }
}
