package io.espalier.trainer.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A position in a stream. Partitions are read in strict rotation, one record each, so it is a pure
 * function of the stream and the examples before it. Of a text, it may lie inside of the next
 * record.
 *
 * @param offsets of the next record of each partition, in rotation order
 * @param turn index of the next partition
 * @param accepted earlier examples, held-out ones included
 * @param tokens of the next record that lie before; 0 where a record is an example
 */
public record StreamPosition(
    List<Long> offsets, int turn, long accepted, long skipped, int tokens) {
  public StreamPosition {
    offsets = List.copyOf(offsets);
    if (offsets.isEmpty()
        || offsets.stream().anyMatch(offset -> offset < 0)
        || turn < 0
        || turn >= offsets.size()
        || accepted < 0
        || skipped < 0
        || tokens < 0) {
      throw new IllegalArgumentException(
          "a position must have offsets and counts of 0 or more and the turn of one of its partitions: offsets=%s, turn=%d, accepted=%d, skipped=%d, tokens=%d"
              .formatted(offsets, turn, accepted, skipped, tokens));
    }
  }

  public static StreamPosition startingAt(List<Long> offsets) {
    return new StreamPosition(offsets, 0, 0, 0, 0);
  }

  static int bytes(int partitions) {
    return (partitions + 2) * Long.BYTES + 2 * Integer.BYTES;
  }

  void encode(ByteBuffer target) {
    offsets.forEach(target::putLong);
    target.putInt(turn).putLong(accepted).putLong(skipped).putInt(tokens);
  }

  static StreamPosition decode(ByteBuffer source, int partitions) {
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      offsets.add(source.getLong());
    }
    return new StreamPosition(
        offsets, source.getInt(), source.getLong(), source.getLong(), source.getInt());
  }
}
