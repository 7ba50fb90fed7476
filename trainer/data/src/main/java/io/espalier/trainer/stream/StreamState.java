package io.espalier.trainer.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The positions of a committed state in its stream. Encoded, the three positions stand one after
 * another, little-endian, each as
 *
 * <pre>
 *  0                         8 × P    + 4        + 12       + 20     + 24
 * +-------------------------+--------+----------+----------+--------+
 * | offset per partition    | turn   | accepted | skipped  | tokens |
 * | (int64 each)            | int32  | int64    | int64    | int32  |
 * +-------------------------+--------+----------+----------+--------+
 * </pre>
 *
 * @param at the place after the last example that was trained on
 * @param window the place before the oldest example of the held-out window; {@code at} if that is
 *     empty
 * @param calibration where the batches begin that norms are recalibrated on at the end; {@code at}
 *     before that place is reached
 */
public record StreamState(StreamPosition at, StreamPosition window, StreamPosition calibration) {
  private static final int POSITIONS = 3;

  public static StreamState startingAt(StreamPosition start) {
    return new StreamState(start, start, start);
  }

  /** Bytes of an encoded state; a multiple of 4. */
  public static int bytes(int partitions) {
    return POSITIONS * StreamPosition.bytes(partitions);
  }

  public void encode(ByteBuffer target) {
    ByteBuffer bytes =
        ByteBuffer.allocate(bytes(at.offsets().size())).order(ByteOrder.LITTLE_ENDIAN);
    at.encode(bytes);
    window.encode(bytes);
    calibration.encode(bytes);
    target.put(bytes.flip());
  }

  /** Decodes the last bytes of {@code source}; its position stays. */
  public static StreamState decodeTail(ByteBuffer source, int partitions) {
    int length = bytes(partitions);
    ByteBuffer tail = source.slice(source.limit() - length, length).order(ByteOrder.LITTLE_ENDIAN);
    return new StreamState(
        StreamPosition.decode(tail, partitions),
        StreamPosition.decode(tail, partitions),
        StreamPosition.decode(tail, partitions));
  }
}
