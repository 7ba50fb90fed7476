package io.espalier.service.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the lines of a file begin that is only appended to: every {@value #EVERY}th is remembered,
 * so that many who come back read little. Thread-safe.
 */
final class LineIndex {
  static final int EVERY = 1024;
  private static final int PIECE_BYTES = 1 << 16;

  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private Optional<Object> key = Optional.empty();

  /**
   * A place between two lines.
   *
   * @param line complete lines before it
   * @param offset in bytes
   */
  record Place(long line, long offset) {}

  /**
   * The place after a line, or after the last complete one if there are fewer.
   *
   * @param line 0 for the beginning
   * @param state of the file now: of another one, nothing is known
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
