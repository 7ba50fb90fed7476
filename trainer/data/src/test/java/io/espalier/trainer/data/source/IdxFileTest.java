package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IdxFileTest {
  private static final byte[] IMAGES =
      IdxBytes.of(0x803, new int[] {2, 1, 3}, new byte[] {0, 1, 2, 3, 4, (byte) 255});

  @TempDir Path directory;

  private IdxFile read(String name, byte[] bytes, int rank) {
    Path path = IdxBytes.write(directory.resolve(name), bytes);
    return IdxFile.read(
        new DataFile(path, "data.path"), List.of(rank), HeapRoom.ofProcess(), Sha256.begin());
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
    assertThat(plain.type()).isEqualTo(IdxHeader.Type.UNSIGNED_BYTE);
    assertThat(plain.wholes()).containsExactly(0, 1, 2, 3, 4, 255);
    assertThat(packed.content()).isEqualTo(plain.content());
  }

  @Test
  void read_packedOrPlain_digestsTheContent() {
    var plain = Sha256.begin();
    var packed = Sha256.begin();

    IdxFile.read(file("a", IMAGES), List.of(3), HeapRoom.ofProcess(), plain);
    IdxFile.read(file("a.gz", IdxBytes.gzip(IMAGES)), List.of(3), HeapRoom.ofProcess(), packed);

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
        .hasMessageContaining(
            "must be an IDX file of 3 dimensions: magic=0x00000801, expected=0x00000803 for bytes");
    assertRefused("type", IdxBytes.of(0xA03, new int[] {1, 1, 1}, new byte[1]))
        .hasMessageContaining("magic=0x00000a03");
    assertRefused("text", "hello, world".getBytes(StandardCharsets.US_ASCII))
        .hasMessageContaining("magic=0x68656c6c");
  }

  @ParameterizedTest
  @CsvSource({
    "0x08, 00ff7f, 0 255 127",
    "0x09, 00ff7f, 0 -1 127",
    "0x0B, 0001ffff8000, 1 -1 -32768",
    "0x0C, 0000000affffffff7fffffff, 10 -1 2147483647",
  })
  void read_wholeType_isDecoded(String type, String content, String values) {
    byte[] bytes = HexFormat.of().parseHex(content);
    int[] expected = Stream.of(values.split(" ", -1)).mapToInt(Integer::parseInt).toArray();

    IdxFile file =
        read("file", IdxBytes.of(Integer.decode(type) << 8 | 1, new int[] {3}, bytes), 1);

    assertThat(file.wholes()).isEqualTo(expected);
    assertThat(file.reals().array())
        .containsExactly((float) expected[0], (float) expected[1], (float) expected[2]);
  }

  @Test
  void read_floatsAndDoubles_areDecodedButAreNoLabels() {
    byte[] floats = ByteBuffer.allocate(8).putFloat(-1.5f).putFloat(1e30f).array();
    byte[] doubles = ByteBuffer.allocate(16).putDouble(0.1).putDouble(-2).array();

    IdxFile ofFloats = read("floats", IdxBytes.of(0xD01, new int[] {2}, floats), 1);
    IdxFile ofDoubles = read("doubles", IdxBytes.of(0xE01, new int[] {2}, doubles), 1);

    assertThat(ofFloats.reals().array()).containsExactly(-1.5f, 1e30f);
    assertThat(ofDoubles.reals().array()).containsExactly(0.1f, -2);
    assertThatThrownBy(ofFloats::wholes)
        .hasMessageContaining("must hold whole numbers: type=FLOAT");
  }

  @Test
  void reals_notFinite_areRefused() {
    byte[] doubles = ByteBuffer.allocate(16).putDouble(1).putDouble(1e300).array();

    IdxFile file = read("doubles", IdxBytes.of(0xE01, new int[] {2}, doubles), 1);

    assertThatThrownBy(file::reals)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("every value must be a finite number: index=1, value=Infinity");
  }

  @Test
  void read_headerOfWideValues_countsTheirBytes() {
    assertRefused("wide", IdxBytes.of(0xE03, new int[] {1, 1, 4}, new byte[8]))
        .hasMessageContaining("as many values as its header says");
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
  void read_headerWithinTheFileButBeyondTheHeap_isRefusedBeforeMemoryIsTaken() {
    HeapRoom room = HeapRoom.ofHeap(4 << 20);
    DataFile half =
        file(
            "half.gz", IdxBytes.gzip(IdxBytes.of(0x803, new int[] {1, 1024, 512}, zeros(1 << 19))));
    DataFile wide = file("wide", IdxBytes.of(0xD03, new int[] {1, 512, 512}, zeros(1 << 20)));

    IdxFile.read(half, List.of(3), room);

    assertThatThrownBy(() -> IdxFile.read(wide, List.of(3), room))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("wide: data.path: must fit into half of the Java heap")
        .hasMessageContaining("bytes=1048576, half of the heap=2 MB; give more heap");
    IdxFile.read(half, List.of(3), room);
  }

  @Test
  void read_packedStreamThatGoesOnAfterItsValues_isRefusedAtOnce() {
    byte[] bomb = IdxBytes.gzip(IdxBytes.of(0x803, new int[] {1, 1, 4}, zeros(1 << 26)));

    assertThat(bomb).hasSizeLessThan(1 << 17);
    assertRefused("bomb.gz", bomb)
        .hasMessageContaining("must end after the values that its header announces");
  }

  private static byte[] zeros(int count) {
    return new byte[count];
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
