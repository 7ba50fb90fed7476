package io.espalier.trainer.file;

import io.espalier.masks.federated.HalfPrecision;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A tensor of a file: row-major values of one type. Immutable and thread-safe, but for one whose
 * values are {@link #deferred}.
 */
public final class StoredTensor {
  public enum Type {
    F32(32, 0x7fff_ffffL),
    U8(8, 0xffL),
    BOOL(8, 0xffL),
    I8(8, 0xffL),
    I16(16, 0xffffL),
    U16(16, 0xffffL),
    I32(32, 0xffff_ffffL),
    U32(32, 0xffff_ffffL),
    I64(64, -1L),
    U64(64, -1L),
    F16(16, 0x7fffL),
    /** The upper halves of 32-bit floats. */
    BF16(16, 0x7fffL),
    F64(64, Long.MAX_VALUE),
    C64(64, 0x7fff_ffff_7fff_ffffL),
    F4(4, 0x7L),
    F6_E2M3(6, 0x1fL),
    F6_E3M2(6, 0x1fL),
    F8_E4M3(8, 0x7fL),
    F8_E5M2(8, 0x7fL),
    F8_E4M3FNUZ(8, 0xffL),
    F8_E5M2FNUZ(8, 0xffL),
    /** Powers of two: none of them is 0. */
    F8_E8M0(8, 0L);

    private final int bits;
    private final long zeroBits;

    /** A value is 0, of either sign, if its {@code zeroBits} are; if there are any. */
    Type(int bits, long zeroBits) {
      this.bits = bits;
      this.zeroBits = zeroBits;
    }

    public int bits() {
      return bits;
    }

    public boolean isConvertible() {
      return this == F32 || this == F16 || this == BF16 || this == F64;
    }
  }

  private final Type type;
  private final List<Integer> dimensions;
  private final TensorBytes bytes;

  /** Values of a tensor, row-major. */
  @FunctionalInterface
  public interface FloatSource {
    /** Fills what remains of a buffer with the values from index {@code from} on. */
    void read(int from, FloatBuffer target);
  }

  private StoredTensor(Type type, List<Integer> dimensions, TensorBytes bytes) {
    this.type = type;
    this.dimensions = List.copyOf(dimensions);
    this.bytes = bytes;
  }

  private StoredTensor(Type type, List<Integer> dimensions, ByteBuffer bytes) {
    this(type, dimensions, new TensorBytes.Held(bytes.order(ByteOrder.LITTLE_ENDIAN)));
    if (byteLength(type, dimensions) != bytes.remaining()) {
      throw new IllegalArgumentException(
          "a tensor's values must fill its dimensions: type=%s, dimensions=%s, bytes=%d"
              .formatted(type, dimensions, bytes.remaining()));
    }
  }

  /** A copy of floats, row-major; no dimensions make a scalar. */
  public static StoredTensor ofFloats(List<Integer> dimensions, float[] values) {
    return new StoredTensor(Type.F32, dimensions, TensorBytes.of(values));
  }

  /**
   * Floats that take no memory: each use asks for them anew, writing for one part after another.
   */
  public static StoredTensor deferred(List<Integer> dimensions, FloatSource values) {
    int count = Math.toIntExact(byteLength(Type.F32, dimensions) / Float.BYTES);
    return new StoredTensor(Type.F32, dimensions, new TensorBytes.Deferred(count, values));
  }

  public static StoredTensor ofBytes(byte[] values) {
    return new StoredTensor(Type.U8, List.of(values.length), ByteBuffer.wrap(values.clone()));
  }

  /**
   * Packs bits into a U8 tensor {@code [ceil(count / 8)]}: bit {@code i} is bit {@code i mod 8},
   * least significant first, of byte {@code i / 8}; bits past the end are 0, as in {@code
   * numpy.packbits(bits, bitorder="little")}.
   */
  public static StoredTensor ofBits(int count, IntPredicate isSet) {
    byte[] packed = new byte[(count + 7) >>> 3];
    for (int bit = 0; bit < count; bit++) {
      if (isSet.test(bit)) {
        packed[bit >>> 3] |= (byte) (1 << (bit & 7));
      }
    }
    return new StoredTensor(Type.U8, List.of(packed.length), ByteBuffer.wrap(packed));
  }

  static StoredTensor owning(Type type, List<Integer> dimensions, ByteBuffer bytes) {
    return new StoredTensor(type, dimensions, bytes);
  }

  /** Bytes of a tensor; throws {@link ArithmeticException} if they overflow or are not whole. */
  static long byteLength(Type type, List<Integer> dimensions) {
    long bits =
        dimensions.stream().mapToLong(length -> length).reduce(type.bits, Math::multiplyExact);
    if (bits % 8 != 0) {
      throw new ArithmeticException("values must fill whole bytes: bits=" + bits);
    }
    return bits / 8;
  }

  public Type type() {
    return type;
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  public int size() {
    return Math.toIntExact(byteLength(type, dimensions) * 8L / type.bits);
  }

  public long zeros() {
    if (type.zeroBits == 0) {
      return 0;
    }
    long zeros = 0;
    for (int i = 0; i < size(); i++) {
      zeros += (bits(i) & type.zeroBits) == 0 ? 1 : 0;
    }
    return zeros;
  }

  /** Read-only view; throws for types other than F32. */
  public FloatBuffer floats() {
    require(Type.F32);
    return view().asFloatBuffer();
  }

  /**
   * Copies as floats, F64 rounded to nearest; throws if not {@link Type#isConvertible convertible}.
   */
  public float[] toFloatArray() {
    float[] values = new float[size()];
    if (type == Type.F32) {
      floats().get(values);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case F16 -> HalfPrecision.toFloat((short) bits(i));
            case BF16 -> Float.intBitsToFloat((int) bits(i) << 16);
            case F64 -> (float) bytes.all().getDouble(i * Double.BYTES);
            default -> throw unreadable("floats");
          };
    }
    return values;
  }

  public boolean bit(int index) {
    require(Type.U8);
    return (bytes.all().get(index >>> 3) >>> (index & 7) & 1) == 1;
  }

  public ByteBuffer view() {
    return bytes.all().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  void writeTo(OutputStream out) throws IOException {
    bytes.writeTo(out);
  }

  private long bits(int index) {
    return switch (type.bits) {
      case 8 -> bytes.all().get(index);
      case 16 -> bytes.all().getShort(index * Short.BYTES);
      case 32 -> bytes.all().getInt(index * Integer.BYTES);
      case 64 -> bytes.all().getLong(index * Long.BYTES);
      default -> packedBits((long) index * type.bits);
    };
  }

  /** Bits of a value that may span two bytes, the least significant first. */
  private long packedBits(long from) {
    int at = (int) (from / 8);
    ByteBuffer all = bytes.all();
    long next = at + 1 < all.limit() ? all.get(at + 1) & 0xff : 0;
    return ((next << 8) | (all.get(at) & 0xff)) >>> (from % 8);
  }

  private void require(Type wanted) {
    if (type != wanted) {
      throw unreadable(wanted.name());
    }
  }

  private IllegalStateException unreadable(String wanted) {
    return new IllegalStateException(
        "a tensor's values must be read as their type: type=" + type + ", wanted=" + wanted);
  }
}
