package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.federated.HalfPrecision;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.file.TensorSpan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The values of tensors as floats, read a piece at a time. Not thread-safe. */
final class TensorValues {
  private static final int PIECE = 1 << 20;
  private static final int EXPONENT = 0x7f80_0000;

  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Reads a tensor.
   *
   * @throws MalformedFileException if a value is no finite number
   */
  float[] read(PrunableTensor tensor) throws IOException {
    return read(tensor, new float[0], false);
  }

  /**
   * Reads into {@code room} where that has the tensor's size.
   *
   * @param known whether its values are known to be finite numbers
   * @throws MalformedFileException if a value is not
   */
  float[] read(PrunableTensor tensor, float[] room, boolean known) throws IOException {
    TensorSpan span = tensor.span();
    int size = Math.toIntExact(span.bytes() / (span.type().bits() / 8));
    float[] values = room.length == size ? room : new float[size];
    try (FileChannel in = FileChannel.open(tensor.file())) {
      int done = 0;
      for (long at = span.begin(); at < span.end(); at += piece.limit()) {
        fill(in, tensor.file(), at, span.end());
        int count = piece.limit() / (span.type().bits() / 8);
        convert(span.type(), values, done, count);
        if (!known) {
          requireFinite(tensor, values, done, count);
        }
        done += count;
      }
    }
    return values;
  }

  private void fill(FileChannel in, Path file, long at, long end) throws IOException {
    piece.clear().limit((int) Math.min(PIECE, end - at));
    while (piece.hasRemaining()) {
      if (in.read(piece, at + piece.position()) < 0) {
        throw new MalformedFileException(file, "must not end while it is read");
      }
    }
    piece.flip();
  }

  private void convert(StoredTensor.Type type, float[] values, int from, int count) {
    switch (type) {
      case F32 -> piece.asFloatBuffer().get(values, from, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[from + i] = HalfPrecision.toFloat(piece.getShort(2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[from + i] = Float.intBitsToFloat(piece.getShort(2 * i) << 16);
        }
      }
      default -> throw unreadable(type);
    }
  }

  /** Writes values in the type of a tensor, rounded to nearest. */
  static void put(TensorSpan tensor, FloatBuffer values, ByteBuffer target) {
    ByteBuffer ordered = target.order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float value = values.get();
      switch (tensor.type()) {
        case F32 -> ordered.putFloat(value);
        case F16 -> ordered.putShort(half(tensor, value));
        case BF16 -> ordered.putShort(upperHalf(value));
        default -> throw unreadable(tensor.type());
      }
    }
  }

  private static short half(TensorSpan tensor, float value) {
    if (Math.abs(value) > HalfPrecision.LARGEST) {
      throw InvalidConfigException.of(
          "prune.refit",
          "must give values that the file's type has: tensor=%s, type=%s, value=%s; take another refit, or none"
              .formatted(tensor.name(), tensor.type(), value));
    }
    return HalfPrecision.ofFloat(value);
  }

  /** To the nearest, the even one of two. */
  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  private static IllegalStateException unreadable(StoredTensor.Type type) {
    return new IllegalStateException("a type must be read as floats: type=" + type);
  }

  private static void requireFinite(PrunableTensor tensor, float[] values, int from, int count)
      throws MalformedFileException {
    int wrong = 0;
    for (int i = from; i < from + count; i++) {
      wrong |= ((Float.floatToRawIntBits(values[i]) & EXPONENT) + 0x80_0000);
    }
    if (wrong >= 0) {
      return;
    }
    for (int i = from; i < from + count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new MalformedFileException(
            tensor.file(),
            "weights must be finite numbers to be ranked: tensor=%s, index=%d, value=%s; leave the tensor dense: --exclude \"%s\""
                .formatted(tensor.span().name(), i, values[i], tensor.span().name()));
      }
    }
  }
}
