package io.espalier.trainer.data.text;

/**
 * The tokens that the native library gives for a text, and the characters of it in front of each.
 */
public final class TokenizedPiece {
  private final int[] numbers;
  private final int[] begins;

  public TokenizedPiece(int[] numbers, int[] begins) {
    this.numbers = numbers;
    this.begins = begins;
  }

  int count() {
    return numbers.length;
  }

  int number(int token) {
    return numbers[token];
  }

  public int[] numbers() {
    return numbers;
  }

  /** Characters in front of a token. */
  int begin(int token) {
    return begins[token];
  }
}
