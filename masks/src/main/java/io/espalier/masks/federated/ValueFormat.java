package io.espalier.masks.federated;

import io.espalier.masks.federated.ValueFormat.DamagedUpdateException.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The wire format of an update's values. Little-endian. */
public enum ValueFormat {
  /** 32-bit floats, exact: 4 bytes a value. */
  FP32 {
    @Override
    public long length(int values) {
      return (long) Float.BYTES * values;
    }

    @Override
    void write(float[] values, ByteBuffer target) {
      for (float value : values) {
        target.putFloat(value);
      }
    }

    @Override
    void read(ByteBuffer source, float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = source.getFloat();
      }
    }
  },

  /**
   * The nearest {@linkplain HalfPrecision half}: 2 bytes a value. The error is at most 2^-11 of the
   * value, or 2^-25 near 0; values beyond ±65504 become that.
   */
  FP16 {
    @Override
    public long length(int values) {
      return (long) Short.BYTES * values;
    }

    @Override
    void write(float[] values, ByteBuffer target) {
      for (float value : values) {
        target.putShort(
            HalfPrecision.ofFloat(
                Math.max(-HalfPrecision.LARGEST, Math.min(HalfPrecision.LARGEST, value))));
      }
    }

    @Override
    void read(ByteBuffer source, float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = HalfPrecision.toFloat(source.getShort());
      }
    }
  },

  /**
   * Signed bytes with one scale per block of 256 values: 1 byte a value and 4 a block. The scale is
   * the block's largest magnitude over 127, and the error at most half of it (and the rounding of
   * the product to a float).
   */
  INT8 {
    @Override
    public long length(int values) {
      return ScaledBytes.length(values);
    }

    @Override
    void write(float[] values, ByteBuffer target) {
      ScaledBytes.write(values, target);
    }

    @Override
    void read(ByteBuffer source, float[] values) {
      ScaledBytes.read(source, values);
    }
  };

  /** Exact number of encoded bytes. */
  public abstract long length(int values);

  abstract void write(float[] values, ByteBuffer target);

  abstract void read(ByteBuffer source, float[] values);

  /**
   * Writes values at the target's position, which advances; its byte order does not matter.
   *
   * @throws IllegalArgumentException if a value is not finite
   */
  public void encode(float[] values, ByteBuffer target) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "values to send must be finite: place=%d, value=%s".formatted(i, values[i]));
      }
    }
    ByteBuffer ordered = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    write(values, ordered);
    target.position(ordered.position());
  }

  /**
   * Reads all that the source has left, whose position stays.
   *
   * @return {@code count} finite values
   * @throws DamagedUpdateException if it is not what the format writes for so many values
   */
  public float[] decode(ByteBuffer source, int count) {
    if (source.remaining() != length(count)) {
      throw new DamagedUpdateException(
          Fault.LENGTH,
          "values must take the bytes of their format: format=%s, values=%d, bytes=%d, expected=%d"
              .formatted(this, count, source.remaining(), length(count)));
    }
    float[] values = new float[count];
    read(source.duplicate().order(ByteOrder.LITTLE_ENDIAN), values);
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DamagedUpdateException(
            Fault.NOT_FINITE,
            "values that were sent must be finite: place=%d, value=%s".formatted(i, values[i]));
      }
    }
    return values;
  }

  /** The bytes do not encode an update's values. */
  public static final class DamagedUpdateException extends RuntimeException {
    public enum Fault {
      /** The number of bytes does not match the number of values. */
      LENGTH,
      /** A value, or the scale of a block, is infinite or not a number. */
      NOT_FINITE,
      /** No encoder writes such bytes. */
      MALFORMED
    }

    private final Fault fault;

    DamagedUpdateException(Fault fault, String message) {
      super(message);
      this.fault = fault;
    }

    public Fault fault() {
      return fault;
    }
  }
}
