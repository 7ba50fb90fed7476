package io.espalier.trainer.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.IdxBytes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxFileTest {
  private static final byte[] IMAGES =
      IdxBytes.of(0x803, new int[] {2, 1, 3}, new byte[] {0, 1, 2, 3, 4, (byte) 255});

  @TempDir Path directory;

  private IdxFile read(String name, byte[] bytes, int rank) {
    Path path = IdxBytes.write(directory.resolve(name), bytes);
    return IdxFile.read(new DataFile(path, "data.path"), rank, Sha256.begin());
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String name, byte[] bytes) {
    return assertThatThrownBy(() -> read(name, bytes, 3))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("data.path");
  }

  @Test
  void read_plainAndPacked_giveTheSameValues() {
    IdxFile plain = read("images", IMAGES, 3);
    IdxFile packed = read("images.gz", IdxBytes.gzip(IMAGES), 3);

    assertThat(plain.dimensions()).isEqualTo(List.of(2, 1, 3));
    assertThat(plain.count()).isEqualTo(2);
    assertThat(plain.value(5)).isEqualTo(255);
    assertThat(packed.values()).isEqualTo(plain.values()).hasSize(6);
  }

  @Test
  void read_packedOrPlain_digestsTheContent() {
    var plain = Sha256.begin();
    var packed = Sha256.begin();

    IdxFile.read(file("a", IMAGES), 3, plain);
    IdxFile.read(file("a.gz", IdxBytes.gzip(IMAGES)), 3, packed);

    var expected = Sha256.begin();
    expected.update(IMAGES);
    assertThat(Sha256.hex(plain)).isEqualTo(Sha256.hex(packed)).isEqualTo(Sha256.hex(expected));
  }

  private DataFile file(String name, byte[] bytes) {
    return new DataFile(IdxBytes.write(directory.resolve(name), bytes), "data.path");
  }

  @Test
  void read_wrongMagic_namesBothNumbers() {
    assertRefused("labels", IdxBytes.of(0x801, new int[] {1}, new byte[1]))
        .hasMessageContaining("magic=0x00000801, expected=0x00000803");
  }

  @Test
  void read_headerBeyondTheFile_isRefusedBeforeMemoryIsTaken() {
    assertRefused("big", IdxBytes.of(0x803, new int[] {1000, 1000, 1000}, new byte[9]))
        .hasMessageContaining("dimensions=[1000, 1000, 1000]");
    assertRefused("huge", IdxBytes.of(0x803, new int[] {1 << 30, 1 << 30, 1 << 30}, new byte[9]))
        .hasMessageContaining("at most 1073741824");
    assertRefused(
            "big.gz", IdxBytes.gzip(IdxBytes.of(0x803, new int[] {1000, 1000, 1000}, new byte[9])))
        .hasMessageContaining("as many values as its header says");
  }

  @Test
  void read_emptyOrNegativeAxis_isRefused() {
    assertRefused("empty", IdxBytes.of(0x803, new int[] {0, 28, 28}, new byte[0]))
        .hasMessageContaining("dimensions=[0, 28, 28]");
    assertRefused("negative", IdxBytes.of(0x803, new int[] {-1, -1, 4}, new byte[4]))
        .hasMessageContaining("dimensions=[-1, -1, 4]");
  }

  @Test
  void read_truncated_saysSo() {
    assertRefused("short", Arrays.copyOf(IMAGES, 7)).hasMessageContaining("truncated");
    assertRefused("none", new byte[0]).hasMessageContaining("truncated");
    byte[] packed = IdxBytes.gzip(IMAGES);
    assertRefused("short.gz", Arrays.copyOf(packed, packed.length - 9))
        .hasMessageContaining("truncated");
  }

  @Test
  void read_notGzip_saysSo() {
    assertRefused("plain.gz", IMAGES).hasMessageContaining("must be an undamaged gzip file");
  }

  @Test
  void read_bytesAfterTheEnd_areRefused() {
    assertRefused("long", Arrays.copyOf(IMAGES, IMAGES.length + 1))
        .hasMessageContaining("must end after the values");
  }
}
