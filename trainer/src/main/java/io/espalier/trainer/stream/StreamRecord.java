package io.espalier.trainer.stream;

import java.util.Arrays;

/**
 * One record of a partition.
 *
 * @param offset in its partition
 */
public record StreamRecord(long offset, Content content) {
  /** What a record holds. */
  public sealed interface Content {}

  /** A labelled example. Immutable. */
  public static final class Example implements Content {
    private final float[] values;
    private final int label;

    /**
     * An example of its own raw values.
     *
     * @param values finite
     * @param label index of its class
     */
    public Example(float[] values, int label) {
      this.values = values.clone();
      this.label = label;
    }

    /** Index of its class. */
    public int label() {
      return label;
    }

    /** Number of values. */
    public int features() {
      return values.length;
    }

    /** Writes the values to {@code target} from {@code at} on. */
    public void copyTo(float[] target, int at) {
      System.arraycopy(values, 0, target, at, values.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Example example
          && label == example.label
          && Arrays.equals(values, example.values);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(values) + label;
    }

    @Override
    public String toString() {
      return "Example[features=" + values.length + ", label=" + label + "]";
    }
  }

  /** No example, and why; it is skipped. */
  public record Malformed(String reason) implements Content {}
}
