package io.espalier.trainer.data.source;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of value that an IDX file may hold, all big-endian. */
enum IdxType {
  UNSIGNED_BYTE(0x08, 1),
  SIGNED_BYTE(0x09, 1),
  SHORT(0x0B, 2),
  INT(0x0C, 4),
  FLOAT(0x0D, 4),
  DOUBLE(0x0E, 8);

  private final int code;
  private final int bytes;

  IdxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  static Optional<IdxType> of(int code) {
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
