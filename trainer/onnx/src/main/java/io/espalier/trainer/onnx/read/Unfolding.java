package io.espalier.trainer.onnx.read;

import io.espalier.trainer.file.HeapRoom;

/**
 * The amount of values that a file unfolds to while it is imported: a sum of a column and a row of
 * a few kilobytes has gigabytes, and one weight can be that of thousands of layers. Used once.
 */
final class Unfolding {
  /** Values that are made and moved in all, so that an import ends: seconds. */
  static final long MOST_VALUES = 1L << 31;

  private final HeapRoom room;
  private final long most;
  private long values;
  private boolean exceeded;

  Unfolding(HeapRoom room, long most) {
    this.room = room;
    this.most = most;
  }

  /** Accounts for bytes that stay until the end of the import. */
  void keep(long bytes) {
    if (!room.take(bytes)) {
      throw tooLarge(bytes);
    }
  }

  /** Accounts for values of 4 bytes that one operation needs for a while. */
  void use(long count) {
    values += count;
    if (values > most) {
      exceeded = true;
      throw new GraphException(
          "a file must unfold to at most %d values while it is imported; simplify the graph, so that constants are stored as they are used"
              .formatted(most));
    }
    if (!room.fits(count * Float.BYTES)) {
      throw tooLarge(count * Float.BYTES);
    }
  }

  boolean isExceeded() {
    return exceeded;
  }

  private GraphException tooLarge(long bytes) {
    exceeded = true;
    return new GraphException(
        "what a file unfolds to must fit into half of the Java heap: %d MB more, half of the heap=%d MB; %s, or simplify the graph"
            .formatted((bytes >> 20) + 1, room.megabytes(), HeapRoom.MORE));
  }
}
