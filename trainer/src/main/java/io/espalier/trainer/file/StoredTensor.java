package io.espalier.trainer.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A tensor as a file holds it: row-major values of one type.
 *
 * <p>Immutable and thread-safe.
 */
public final class StoredTensor {
  /** The types that can be stored, by their name in the file. */
  public enum Type {
    /** 32-bit IEEE 754 floats. */
    F32(4),
    /** Raw bytes. */
    U8(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  private final Type type;
  private final List<Integer> dimensions;
  private final ByteBuffer bytes;

  private StoredTensor(Type type, List<Integer> dimensions, ByteBuffer bytes) {
    this.type = type;
    this.dimensions = List.copyOf(dimensions);
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (byteLength(type, dimensions) != bytes.remaining()) {
      throw new IllegalArgumentException(
          "a tensor's values must fill its dimensions: type=%s, dimensions=%s, bytes=%d"
              .formatted(type, dimensions, bytes.remaining()));
    }
  }

  /** A copy of floats, row-major; no dimensions make a scalar. */
  public static StoredTensor ofFloats(List<Integer> dimensions, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new StoredTensor(Type.F32, dimensions, bytes);
  }

  /** A copy of raw bytes, as a tensor of one axis. */
  public static StoredTensor ofBytes(byte[] values) {
    return new StoredTensor(Type.U8, List.of(values.length), ByteBuffer.wrap(values.clone()));
  }

  /**
   * Packs bits into bytes, as a tensor {@code [ceil(count / 8)]} of U8: bit {@code i} is bit {@code
   * i mod 8}, counted from the least significant, of byte {@code i / 8}; bits past the end are 0.
   * This is {@code numpy.packbits(bits, bitorder="little")}.
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

  /** Takes over little-endian bytes that nobody else changes. */
  static StoredTensor owning(Type type, List<Integer> dimensions, ByteBuffer bytes) {
    return new StoredTensor(type, dimensions, bytes);
  }

  /** Bytes of a tensor; throws {@link ArithmeticException} if they overflow a long. */
  static long byteLength(Type type, List<Integer> dimensions) {
    return dimensions.stream().mapToLong(length -> length).reduce(type.bytes, Math::multiplyExact);
  }

  public Type type() {
    return type;
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  /** Number of values. */
  public int size() {
    return bytes.remaining() / type.bytes;
  }

  /** Read-only view of floats; refused for bytes. */
  public FloatBuffer floats() {
    require(Type.F32);
    return view().asFloatBuffer();
  }

  /** A copy of the floats; refused for bytes. */
  public float[] toFloatArray() {
    float[] values = new float[size()];
    floats().get(values);
    return values;
  }

  /** One bit of a tensor that {@link #ofBits} packed. */
  public boolean bit(int index) {
    require(Type.U8);
    return (bytes.get(index >>> 3) >>> (index & 7) & 1) == 1;
  }

  /** Read-only view of the bytes, little-endian. */
  public ByteBuffer view() {
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void require(Type wanted) {
    if (type != wanted) {
      throw new IllegalStateException(
          "a tensor's values must be read as their type: type=" + type + ", wanted=" + wanted);
    }
  }
}
