package io.espalier.masks.codec;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The frame of encoded masks: the header before them and the checksum behind them. Little-endian.
 *
 * <pre>
 *  0        1        2        3        4                          8
 * +--------+--------+--------+--------+--------------------------+
 * | 'E'    | 'M'    | format | kind   | mask version             |
 * +--------+--------+--------+--------+--------------------------+
 * | first 8 bytes of the layout's digest                         |   8
 * +--------------------------------------------------------------+
 * | delta only: first 8 bytes of the digest of the set it is of  |  16
 * +--------------------------------------------------------------+
 * | masks as bits, filled up to a byte                           |
 * +--------------------------+-----------------------------------+
 * | CRC-32C of all before it |
 * +--------------------------+
 * </pre>
 *
 * @param version of the encoded set
 */
record Header(Kind kind, MaskVersion version, long layout, long base) {
  private static final short MAGIC = 0x4d45;
  private static final byte FORMAT = 1;
  private static final int PREFIX_DIGITS = 16;
  private static final int TAIL_BYTES = Integer.BYTES;

  enum Kind {
    FULL(0, 16),
    DELTA(1, 24);

    private final int code;
    private final int bytes;

    Kind(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** Bytes of a whole frame around the bits of masks. */
    long frameBytes(long bits) {
      return bytes + (bits + 7) / 8 + TAIL_BYTES;
    }

    static Kind of(int code) {
      require(
          code == FULL.code || code == DELTA.code,
          "be of kind 0 (full) or 1 (delta)",
          "kind=" + code);
      return code == FULL.code ? FULL : DELTA;
    }
  }

  static Header full(MaskVersion version, Layout layout) {
    return new Header(Kind.FULL, version, prefix(layout.digest()), 0);
  }

  static Header delta(MaskVersion version, MaskSet from) {
    return new Header(Kind.DELTA, version, prefix(from.layout().digest()), prefix(from.digest()));
  }

  byte[] frame(byte[] masks) {
    ByteBuffer buffer =
        ByteBuffer.allocate(kind.bytes + masks.length + TAIL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(MAGIC)
            .put(FORMAT)
            .put((byte) kind.code)
            .putInt(version.number())
            .putLong(layout);
    if (kind == Kind.DELTA) {
      buffer.putLong(base);
    }
    buffer.put(masks);
    return buffer.putInt(checksum(buffer.array())).array();
  }

  /** Reads the header of a frame whose length and checksum it checks first. */
  static Header read(byte[] frame) {
    require(frame.length >= Kind.FULL.bytes + TAIL_BYTES, "be whole", "bytes=" + frame.length);
    ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    require(
        buffer.getInt(frame.length - TAIL_BYTES) == checksum(frame),
        "match their checksum",
        "bytes=" + frame.length);
    require(buffer.getShort() == MAGIC, "start with EM", "bytes=" + frame.length);
    byte format = buffer.get();
    require(format == FORMAT, "be of format 1", "format=" + format);
    Kind kind = Kind.of(buffer.get());
    int version = buffer.getInt();
    require(version >= 0, "have a version of 0 or more", "version=" + version);
    require(frame.length >= kind.bytes + TAIL_BYTES, "be whole", "bytes=" + frame.length);
    return new Header(
        kind,
        new MaskVersion(version),
        buffer.getLong(),
        kind == Kind.DELTA ? buffer.getLong() : 0);
  }

  BitReader masks(byte[] frame) {
    return new BitReader(frame, kind.bytes, frame.length - TAIL_BYTES);
  }

  void requireFull(Layout expected) {
    require(kind == Kind.FULL, "hold a full mask set", "kind=" + kind);
    requireLayout(expected);
  }

  void requireDeltaOf(MaskSet from) {
    require(kind == Kind.DELTA, "hold a delta", "kind=" + kind);
    requireLayout(from.layout());
    require(
        base == prefix(from.digest()) && version.compareTo(from.version()) > 0,
        "be a delta from the mask set that is held",
        "held version=" + from.version() + ", delta to version=" + version);
  }

  private void requireLayout(Layout expected) {
    require(layout == prefix(expected.digest()), "be of the layout", "layout=" + expected);
  }

  private static void require(boolean holds, String rule, String values) {
    if (!holds) {
      throw new DamagedMaskException("mask bytes must " + rule + ": " + values);
    }
  }

  private static int checksum(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 0, frame.length - TAIL_BYTES);
    return (int) crc.getValue();
  }

  private static long prefix(String digest) {
    return HexFormat.fromHexDigitsToLong(digest, 0, PREFIX_DIGITS);
  }
}
