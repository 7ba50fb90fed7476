package io.espalier.trainer.data;

import java.util.List;

/** Rows of equally many values. */
sealed interface RawValues permits RawValues.Bytes, RawValues.Floats, MappedValues, TokenWindows {
  float at(int row, int index);

  /** Writes values of a row, counted from {@code from}. */
  void copy(int row, int from, int length, float[] target, int to);

  void copyReversed(int row, int from, int length, float[] target, int to);

  /** The moments of values {@code [from, from + length)} of all rows. */
  default RowMoments moments(int from, int length) {
    return RowMoments.of(this, from, length);
  }

  RawValues select(int[] chosen);

  /** A copy in which value {@code i} of each row is the present value {@code sources[i]}. */
  RawValues rearrange(int[] sources);

  int rows();

  /** All rows of several parts in order: bytes if all parts are arrays of bytes. */
  static RawValues joined(List<RawValues> parts) {
    return parts.stream().allMatch(Bytes.class::isInstance)
        ? Bytes.joined(parts)
        : Floats.joined(parts);
  }

  private static int lengthOf(List<RawValues> parts) {
    return Math.toIntExact(
        parts.stream().mapToLong(part -> (long) part.rows() * part.rowLength()).sum());
  }

  int rowLength();

  final class Bytes implements RawValues {
    private final byte[] values;
    private final int rowLength;

    Bytes(byte[] values, int rowLength) {
      this.values = values;
      this.rowLength = rowLength;
    }

    private static Bytes joined(List<RawValues> parts) {
      byte[] all = new byte[RawValues.lengthOf(parts)];
      int at = 0;
      for (RawValues part : parts) {
        byte[] values = ((Bytes) part).values;
        System.arraycopy(values, 0, all, at, values.length);
        at += values.length;
      }
      return new Bytes(all, parts.get(0).rowLength());
    }

    @Override
    public int rows() {
      return values.length / rowLength;
    }

    @Override
    public int rowLength() {
      return rowLength;
    }

    @Override
    public float at(int row, int index) {
      return values[row * rowLength + index] & 0xff;
    }

    @Override
    public void copy(int row, int from, int length, float[] target, int to) {
      int first = row * rowLength + from;
      for (int i = 0; i < length; i++) {
        target[to + i] = values[first + i] & 0xff;
      }
    }

    @Override
    public void copyReversed(int row, int from, int length, float[] target, int to) {
      int last = row * rowLength + from + length - 1;
      for (int i = 0; i < length; i++) {
        target[to + i] = values[last - i] & 0xff;
      }
    }

    @Override
    public RowMoments moments(int from, int length) {
      return RowMoments.ofBytes(values, rowLength, from, length);
    }

    /** Writes rows with examples innermost. */
    void transpose(int[] rows, int from, int count, byte[] target, int stride) {
      new ByteTransposition(values, rowLength).write(rows, from, count, target, stride);
    }

    @Override
    public RawValues select(int[] chosen) {
      byte[] selected = new byte[chosen.length * rowLength];
      for (int i = 0; i < chosen.length; i++) {
        System.arraycopy(values, chosen[i] * rowLength, selected, i * rowLength, rowLength);
      }
      return new Bytes(selected, rowLength);
    }

    @Override
    public RawValues rearrange(int[] sources) {
      byte[] rearranged = new byte[values.length];
      for (int start = 0; start < values.length; start += sources.length) {
        for (int i = 0; i < sources.length; i++) {
          rearranged[start + i] = values[start + sources[i]];
        }
      }
      return new Bytes(rearranged, rowLength);
    }
  }

  final class Floats implements RawValues {
    private final float[] values;
    private final int rowLength;

    Floats(float[] values, int rowLength) {
      this.values = values;
      this.rowLength = rowLength;
    }

    private static Floats joined(List<RawValues> parts) {
      float[] all = new float[RawValues.lengthOf(parts)];
      int at = 0;
      for (RawValues part : parts) {
        int rowLength = part.rowLength();
        for (int row = 0; row < part.rows(); row++) {
          part.copy(row, 0, rowLength, all, at);
          at += rowLength;
        }
      }
      return new Floats(all, parts.get(0).rowLength());
    }

    @Override
    public int rows() {
      return values.length / rowLength;
    }

    @Override
    public int rowLength() {
      return rowLength;
    }

    @Override
    public float at(int row, int index) {
      return values[row * rowLength + index];
    }

    @Override
    public void copy(int row, int from, int length, float[] target, int to) {
      System.arraycopy(values, row * rowLength + from, target, to, length);
    }

    @Override
    public void copyReversed(int row, int from, int length, float[] target, int to) {
      int last = row * rowLength + from + length - 1;
      for (int i = 0; i < length; i++) {
        target[to + i] = values[last - i];
      }
    }

    @Override
    public RawValues select(int[] chosen) {
      float[] selected = new float[chosen.length * rowLength];
      for (int i = 0; i < chosen.length; i++) {
        System.arraycopy(values, chosen[i] * rowLength, selected, i * rowLength, rowLength);
      }
      return new Floats(selected, rowLength);
    }

    @Override
    public RawValues rearrange(int[] sources) {
      float[] rearranged = new float[values.length];
      for (int start = 0; start < values.length; start += sources.length) {
        for (int i = 0; i < sources.length; i++) {
          rearranged[start + i] = values[start + sources[i]];
        }
      }
      return new Floats(rearranged, rowLength);
    }
  }
}
