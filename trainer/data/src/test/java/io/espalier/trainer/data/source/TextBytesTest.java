package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.file.HeapRoom;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextBytesTest {
  @TempDir private Path directory;

  @Test
  void read_packedText_isItsContent() throws IOException {
    DataFile file = zeros(100_000);

    assertThat(TextBytes.read(file, HeapRoom.ofHeap(1 << 20))).isEqualTo(new byte[100_000]);
  }

  @Test
  void read_textThatUnfoldsToMoreThanTheHeap_isRefused() throws IOException {
    DataFile file = zeros(20_000_000);

    assertThat(Files.size(file.path())).isLessThan(25_000);
    assertThatThrownBy(() -> TextBytes.read(file, HeapRoom.ofHeap(64 << 20)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must hold text that fits into half of the Java heap")
        .hasMessageContaining("half of the heap=32 MB");
  }

  @Test
  void read_textThatUnfoldsToMoreThanATextMayHave_isRefused() throws IOException {
    DataFile file = zeros(600_000_000);

    assertThatThrownBy(() -> TextBytes.read(file, HeapRoom.ofHeap(1L << 40)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must hold at most 268435456 bytes of text");
  }

  private DataFile zeros(int count) throws IOException {
    Path file = directory.resolve("zeros.txt.gz");
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int left = count; left > 0; left -= piece.length) {
        out.write(piece, 0, Math.min(left, piece.length));
      }
    }
    return new DataFile(file, "data.path");
  }
}
