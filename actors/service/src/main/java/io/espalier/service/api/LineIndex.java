package io.espalier.service.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The offsets of the lines of a file that is only appended to: every {@value #EVERY}th is kept, so
 * that a client that connects again costs little reading. Thread-safe.
 */
final class LineIndex {
  static final int EVERY = 1024;
  private static final int PIECE_BYTES = 1 << 16;

  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private Optional<Object> key = Optional.empty();

  /** A place between two lines: the number of complete lines before it, and its offset in bytes. */
  record Place(long line, long offset) {}

  /** A file at one moment; {@code key} identifies it, as its name may move to another file. */
  record FileState(Optional<Object> key, long bytes) {
    static final FileState ABSENT = new FileState(Optional.empty(), 0);

    static FileState of(Path file) throws IOException {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileState(Optional.ofNullable(attributes.fileKey()), attributes.size());
      } catch (NoSuchFileException e) {
        return ABSENT;
      }
    }
  }

  /**
   * The offset of the last {@code lines} lines before {@code end}; an unterminated last line
   * counts.
   */
  static long tail(Path file, long end, long lines) throws IOException {
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
        piece.clear().limit((int) (until - from));
        while (piece.hasRemaining()) {
          if (channel.read(piece, from + piece.position()) <= 0) {
            throw new IOException("a file must not shrink while it is read: position=" + from);
          }
        }
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

  /**
   * The place after a line, or after the last complete one if there are fewer. Another file drops
   * the kept offsets.
   */
  synchronized Place after(long line, Path file, FileState state) throws IOException {
    if (!key.equals(state.key())) {
      offsets.subList(1, offsets.size()).clear();
      key = state.key();
    }
    int entry = (int) Math.min(line / EVERY, offsets.size() - 1);
    var known = new Place((long) entry * EVERY, offsets.get(entry));
    return known.line() == line ? known : scan(known, line, file, state.bytes());
  }

  private Place scan(Place from, long line, Path file, long end) throws IOException {
    var piece = ByteBuffer.allocate(PIECE_BYTES);
    Place place = from;
    long position = from.offset();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (position < end && channel.read(piece.clear(), position) > 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          if (piece.get() == '\n') {
            place = new Place(place.line() + 1, position + piece.position());
            remember(place);
            if (place.line() == line) {
              return place;
            }
          }
        }
        position += piece.limit();
      }
    }
    return place;
  }

  private void remember(Place place) {
    if (place.line() == (long) offsets.size() * EVERY) {
      offsets.add(place.offset());
    }
  }
}
