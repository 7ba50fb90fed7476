package io.espalier.trainer.data.text;

/** One tokenizer of a native library. Thread-safe. */
public interface Tokenizer {
  /** Splits a text without marks. */
  TokenizedPiece encode(String text);

  /** The numbers of a text between the marks of its begin and end. */
  int[] marked(String text);

  /** How many marks end a text. */
  int endMarks();

  /** The text of tokens, without marks. */
  String decode(int[] tokens);
}
