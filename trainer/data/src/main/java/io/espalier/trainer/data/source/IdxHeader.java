package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The header of the IDX format of MNIST (LeCun, Cortes and Burges, 1998).
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |       0       |       0       | type, 8 = byte|     rank      |
 *  +---------------+---------------+---------------+---------------+
 *  |          length of each axis, big-endian, rank times          |
 *  +---------------------------------------------------------------+
 *  |                 values, big-endian, row-major                ...
 * </pre>
 *
 * @param dimensions length of each axis, not checked
 */
record IdxHeader(Type type, List<Integer> dimensions) {
  IdxHeader {
    dimensions = List.copyOf(dimensions);
  }

  static IdxHeader read(
      DataInputStream in, IntPredicate isRank, IntFunction<InvalidConfigException> wrongMagic)
      throws IOException {
    int magic = in.readInt();
    int rank = magic & 0xff;
    Type type =
        Type.of(magic >>> 8)
            .filter(known -> isRank.test(rank))
            .orElseThrow(() -> wrongMagic.apply(magic));
    List<Integer> dimensions = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      dimensions.add(in.readInt());
    }
    return new IdxHeader(type, dimensions);
  }

  /** Bytes of all axes from {@code first} on; more than {@code most} if a length is below 1. */
  long bytes(int first, long most) {
    long bytes = type.bytes();
    for (int length : dimensions.subList(first, dimensions.size())) {
      bytes = length < 1 || bytes > most ? Long.MAX_VALUE : bytes * length;
    }
    return bytes;
  }

  enum Type {
    UNSIGNED_BYTE(0x08, 1),
    SIGNED_BYTE(0x09, 1),
    SHORT(0x0B, 2),
    INT(0x0C, 4),
    FLOAT(0x0D, 4),
    DOUBLE(0x0E, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    private static Optional<Type> of(int code) {
      return Stream.of(values()).filter(type -> type.code == code).findFirst();
    }

    int bytes() {
      return bytes;
    }

    boolean isWhole() {
      return this != FLOAT && this != DOUBLE;
    }

    int whole(ByteBuffer content, int index) {
      return switch (this) {
        case UNSIGNED_BYTE -> content.get(index) & 0xff;
        case SIGNED_BYTE -> content.get(index);
        case SHORT -> content.getShort(index * Short.BYTES);
        case INT -> content.getInt(index * Integer.BYTES);
        case FLOAT, DOUBLE ->
            throw new IllegalArgumentException("a type must be of whole numbers: type=" + this);
      };
    }

    /** One value as the nearest float; infinite if it is too large. */
    float real(ByteBuffer content, int index) {
      return switch (this) {
        case FLOAT -> content.getFloat(index * Float.BYTES);
        case DOUBLE -> (float) content.getDouble(index * Double.BYTES);
        case UNSIGNED_BYTE, SIGNED_BYTE, SHORT, INT -> whole(content, index);
      };
    }
  }
}
