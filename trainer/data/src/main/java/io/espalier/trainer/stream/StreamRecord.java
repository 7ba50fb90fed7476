package io.espalier.trainer.stream;

import java.util.Arrays;

public record StreamRecord(long offset, Content content) {
  public sealed interface Content {}

  public static final class Example implements Content {
    private final float[] values;
    private final int label;

    public Example(float[] values, int label) {
      this.values = values.clone();
      this.label = label;
    }

    public int label() {
      return label;
    }

    public int features() {
      return values.length;
    }

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

  /** Tokens of a part of one text, one or more. */
  public static final class TextPart implements Content {
    private final int[] tokens;

    /** Takes ownership of {@code tokens}. */
    public TextPart(int[] tokens) {
      this.tokens = tokens;
    }

    int count() {
      return tokens.length;
    }

    int token(int index) {
      return tokens[index];
    }

    @Override
    public String toString() {
      return "TextPart[tokens=" + tokens.length + "]";
    }
  }

  public record Malformed(String reason) implements Content {}
}
