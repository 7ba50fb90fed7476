package io.espalier.trainer.data;

import java.util.List;

sealed interface RawValues {
  float at(int index);

  void copy(int from, int length, float[] target, int to);

  void copyReversed(int from, int length, float[] target, int to);

  RawValues select(int[] rows, int rowLength);

  /** A copy in which value {@code i} of each row is the present value {@code sources[i]}. */
  RawValues rearrange(int[] sources);

  /** All values of several parts in order: bytes if all parts are bytes. */
  static RawValues joined(List<RawValues> parts) {
    return parts.stream().allMatch(Bytes.class::isInstance)
        ? Bytes.joined(parts)
        : Floats.joined(parts);
  }

  private static int lengthOf(List<RawValues> parts) {
    return Math.toIntExact(parts.stream().mapToLong(RawValues::length).sum());
  }

  int length();

  final class Bytes implements RawValues {
    private final byte[] values;

    Bytes(byte[] values) {
      this.values = values;
    }

    private static Bytes joined(List<RawValues> parts) {
      byte[] all = new byte[RawValues.lengthOf(parts)];
      int at = 0;
      for (RawValues part : parts) {
        byte[] values = ((Bytes) part).values;
        System.arraycopy(values, 0, all, at, values.length);
        at += values.length;
      }
      return new Bytes(all);
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public float at(int index) {
      return values[index] & 0xff;
    }

    @Override
    public void copy(int from, int length, float[] target, int to) {
      for (int i = 0; i < length; i++) {
        target[to + i] = values[from + i] & 0xff;
      }
    }

    @Override
    public void copyReversed(int from, int length, float[] target, int to) {
      int last = from + length - 1;
      for (int i = 0; i < length; i++) {
        target[to + i] = values[last - i] & 0xff;
      }
    }

    @Override
    public RawValues select(int[] rows, int rowLength) {
      byte[] selected = new byte[rows.length * rowLength];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * rowLength, selected, i * rowLength, rowLength);
      }
      return new Bytes(selected);
    }

    @Override
    public RawValues rearrange(int[] sources) {
      byte[] rearranged = new byte[values.length];
      for (int start = 0; start < values.length; start += sources.length) {
        for (int i = 0; i < sources.length; i++) {
          rearranged[start + i] = values[start + sources[i]];
        }
      }
      return new Bytes(rearranged);
    }
  }

  final class Floats implements RawValues {
    private final float[] values;

    Floats(float[] values) {
      this.values = values;
    }

    private static Floats joined(List<RawValues> parts) {
      float[] all = new float[RawValues.lengthOf(parts)];
      int at = 0;
      for (RawValues part : parts) {
        part.copy(0, part.length(), all, at);
        at += part.length();
      }
      return new Floats(all);
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public float at(int index) {
      return values[index];
    }

    @Override
    public void copy(int from, int length, float[] target, int to) {
      System.arraycopy(values, from, target, to, length);
    }

    @Override
    public void copyReversed(int from, int length, float[] target, int to) {
      int last = from + length - 1;
      for (int i = 0; i < length; i++) {
        target[to + i] = values[last - i];
      }
    }

    @Override
    public RawValues select(int[] rows, int rowLength) {
      float[] selected = new float[rows.length * rowLength];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * rowLength, selected, i * rowLength, rowLength);
      }
      return new Floats(selected);
    }

    @Override
    public RawValues rearrange(int[] sources) {
      float[] rearranged = new float[values.length];
      for (int start = 0; start < values.length; start += sources.length) {
        for (int i = 0; i < sources.length; i++) {
          rearranged[start + i] = values[start + sources[i]];
        }
      }
      return new Floats(rearranged);
    }
  }
}
