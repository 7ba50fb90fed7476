package io.espalier.trainer.data;

/** Numbers in the form in which they were read. */
sealed interface RawValues {
  float at(int index);

  /** Writes {@code length} values from {@code from} on to {@code target} at {@code to}. */
  void copy(int from, int length, float[] target, int to);

  /** The same from the last of these values to the first. */
  void copyReversed(int from, int length, float[] target, int to);

  /** A copy of some rows. */
  RawValues select(int[] rows, int rowLength);

  /** A copy in which value {@code i} of each row is what was value {@code sources[i]} of it. */
  RawValues rearrange(int[] sources);

  /** Unsigned bytes, 0 to 255. */
  final class Bytes implements RawValues {
    private final byte[] values;

    Bytes(byte[] values) {
      this.values = values;
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

  /** Floats. */
  final class Floats implements RawValues {
    private final float[] values;

    Floats(float[] values) {
      this.values = values;
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
