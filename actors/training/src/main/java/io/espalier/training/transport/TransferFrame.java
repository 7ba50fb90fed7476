package io.espalier.training.transport;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One piece of a transfer as it stands in an Aeron message, little-endian.
 *
 * <pre>
 *  0               4               8                               16
 * +---------------+---------------+-------------------------------+
 * | format        | direction     | term                          |
 * +---------------+---------------+-------------------------------+
 * | trainer       | incarnation   | number                        | 32
 * +---------------+---------------+-------------------------------+
 * | total length  | offset        | bytes …                         40
 * +---------------+---------------+------------------
 * </pre>
 */
final class TransferFrame {
  static final int HEADER_BYTES = 40;
  private static final int FORMAT = 0x45535031;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private TransferFrame() {}

  static void putHeader(MutableDirectBuffer frame, TransferId id, int totalLength, int offset) {
    frame.putInt(0, FORMAT, ORDER);
    frame.putInt(4, id.direction().code(), ORDER);
    frame.putLong(8, id.term(), ORDER);
    frame.putInt(16, id.trainer(), ORDER);
    frame.putInt(20, id.incarnation(), ORDER);
    frame.putLong(24, id.number(), ORDER);
    frame.putInt(32, totalLength, ORDER);
    frame.putInt(36, offset, ORDER);
  }

  static TransferId id(DirectBuffer frame, int at) {
    int format = frame.getInt(at, ORDER);
    if (format != FORMAT) {
      throw new IllegalStateException(
          "a frame must have the format " + FORMAT + ": format=" + format);
    }
    return new TransferId(
        frame.getLong(at + 8, ORDER),
        frame.getInt(at + 16, ORDER),
        frame.getInt(at + 20, ORDER),
        TransferId.Direction.ofCode(frame.getInt(at + 4, ORDER)),
        frame.getLong(at + 24, ORDER));
  }

  static int totalLength(DirectBuffer frame, int at) {
    return frame.getInt(at + 32, ORDER);
  }

  static int offset(DirectBuffer frame, int at) {
    return frame.getInt(at + 36, ORDER);
  }
}
