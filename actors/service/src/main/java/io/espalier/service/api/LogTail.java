package io.espalier.service.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Finds a file's last lines from its end. */
final class LogTail {
  private static final int PIECE_BYTES = 1 << 16;

  private LogTail() {}

  /**
   * Where the last lines begin.
   *
   * @param end offset at which the file counts as ended
   * @param lines 0 or more; a last one without its line break counts
   */
  static long start(Path file, long end, long lines) throws IOException {
    if (lines == 0) {
      return end;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var piece = ByteBuffer.allocate(PIECE_BYTES);
      long left = lines;
      // The break at the very end belongs to the last line.
      long until = end - 1;
      while (until > 0) {
        long from = Math.max(0, until - PIECE_BYTES);
        read(channel, piece.clear().limit((int) (until - from)), from);
        for (int i = piece.limit() - 1; i >= 0; i--) {
          if (piece.get(i) == '\n' && --left == 0) {
            return from + i + 1;
          }
        }
        until = from;
      }
      return 0;
    }
  }

  private static void read(FileChannel channel, ByteBuffer piece, long from) throws IOException {
    while (piece.hasRemaining()) {
      if (channel.read(piece, from + piece.position()) <= 0) {
        throw new IOException("a file must not shrink while it is read: position=" + from);
      }
    }
  }
}
