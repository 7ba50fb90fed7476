package io.espalier.trainer.data.text;

import java.util.function.IntToLongFunction;

/** A text as tokens, which was split once. */
public final class TokenizedText {
  private final int[] numbers;
  private final IntToLongFunction charactersFrom;

  /** Takes ownership of {@code numbers}. */
  TokenizedText(int[] numbers, IntToLongFunction charactersFrom) {
    this.numbers = numbers;
    this.charactersFrom = charactersFrom;
  }

  /** The numbers of all tokens; not a copy. */
  public int[] numbers() {
    return numbers;
  }

  /** Characters of the part of the text from a token on. */
  public long charactersFrom(int token) {
    return charactersFrom.applyAsLong(token);
  }
}
