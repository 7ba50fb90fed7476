package io.espalier.trainer.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The values of a tensor as a file has them, little-endian. */
interface TensorBytes {
  /** All of them, to be read from its position on. */
  ByteBuffer all();

  void writeTo(OutputStream out) throws IOException;

  private static ByteBuffer ofFloats(int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  static ByteBuffer of(float[] values) {
    ByteBuffer bytes = ofFloats(values.length);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /** In memory. */
  record Held(ByteBuffer all) implements TensorBytes {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(all.array(), all.arrayOffset() + all.position(), all.remaining());
    }
  }

  /** Floats that are asked for anew at each use, and written part by part. */
  record Deferred(int count, StoredTensor.FloatSource source) implements TensorBytes {
    private static final int PART = 1 << 16;

    @Override
    public ByteBuffer all() {
      ByteBuffer bytes = ofFloats(count);
      source.read(0, bytes.asFloatBuffer());
      return bytes;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] part = new byte[Math.min(PART, count) * Float.BYTES];
      FloatBuffer floats = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      for (int from = 0; from < count; from += PART) {
        int length = Math.min(PART, count - from);
        source.read(from, floats.clear().limit(length));
        out.write(part, 0, length * Float.BYTES);
      }
    }
  }
}
