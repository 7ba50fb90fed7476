package io.espalier.trainer.data.source;

import io.espalier.configs.file.FileCause;
import io.espalier.trainer.file.HeapRoom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads texts whole; what a packed file unfolds to is bounded while it is read. */
final class TextBytes {
  /** The most bytes of a text. */
  static final int MOST = 1 << 28;

  /** Bytes of memory for each byte of a text: itself, characters and tokens. */
  private static final int MEMORY = 4;

  private TextBytes() {}

  /** The unpacked content of a file; {@code room} pays for all that becomes of it. */
  static byte[] read(DataFile file, HeapRoom room) {
    try (InputStream in = InputFile.content(file)) {
      return read(file, in, room);
    } catch (IOException e) {
      throw file.problem("must be readable: " + FileCause.of(e));
    }
  }

  private static byte[] read(DataFile file, InputStream in, HeapRoom room) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 16];
    for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
      if (text.size() + read > MOST) {
        throw file.problem("must hold at most %d bytes of text".formatted(MOST));
      }
      if (!room.take((long) MEMORY * read)) {
        throw file.problem(
            "must hold text that fits into half of the Java heap with its tokens: half of the heap=%d MB; %s, or take less text"
                .formatted(room.megabytes(), HeapRoom.MORE));
      }
      text.write(piece, 0, read);
    }
    return text.toByteArray();
  }
}
