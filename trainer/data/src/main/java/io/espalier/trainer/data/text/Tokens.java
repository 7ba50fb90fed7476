package io.espalier.trainer.data.text;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a vocabulary, numbered from 0. Those of labelled texts have one that fills texts up
 * to a length, and read all text. Equal vocabularies are equal. Immutable and thread-safe.
 */
public sealed interface Tokens permits CharacterTokens, ByteTokens, TokenizerFile {
  /** The number where a vocabulary has no token that fills texts up. */
  int NO_PADDING = -1;

  /** The kind of the vocabulary, from which with {@link #content} it is made again. */
  String vocabulary();

  String content();

  /** The name of each token; no two are equal. */
  List<String> names();

  /** The number of the token that fills texts up, or {@link #NO_PADDING}. */
  int padding();

  /** Splits a text; throws {@link IllegalArgumentException} if it has others than these. */
  TokenizedText tokenized(String text);

  /** Splits a text of bytes, which are UTF-8 unless the tokens are bytes. */
  default TokenizedText tokenized(byte[] text) {
    return tokenized(Utf8.decode(text));
  }

  /** A text as tokens, as {@link #tokenized(String)} has them. */
  default int[] numbers(String text) {
    return tokenized(text).numbers();
  }

  /** A text of bytes as tokens, as {@link #tokenized(byte[])} has them. */
  default int[] numbers(byte[] text) {
    return tokenized(text).numbers();
  }

  /** A whole text with the marks of its begin and end that the vocabulary has. */
  default int[] marked(String text) {
    return numbers(text);
  }

  /** How many of the last tokens of {@link #marked} are such marks. */
  default int endMarks() {
    return 0;
  }

  /** The text of tokens; what is no text in them is left out or replaced. */
  String text(int[] tokens);

  /**
   * A {@link #marked} text as {@code length} tokens: cut, its end marks kept, or filled up.
   *
   * @throws IllegalStateException if no token fills it up
   */
  default int[] fitted(int[] marked, int length) {
    if (padding() == NO_PADDING) {
      throw new IllegalStateException("tokens must have one that fills up: " + vocabulary());
    }
    int[] window = Arrays.copyOf(marked, length);
    if (marked.length < length) {
      Arrays.fill(window, marked.length, length, padding());
    } else if (marked.length > length) {
      int marks = Math.min(endMarks(), length);
      System.arraycopy(marked, marked.length - marks, window, length - marks, marks);
    }
    return window;
  }

  /**
   * Makes a vocabulary again.
   *
   * @param labelled whether it fills texts up and reads all text
   * @throws IllegalArgumentException if it cannot be
   */
  static Tokens of(String vocabulary, String content, boolean labelled) {
    return switch (vocabulary) {
      case CharacterTokens.NAME -> CharacterTokens.of(content, labelled);
      case ByteTokens.NAME -> new ByteTokens(labelled);
      case TokenizerFile.NAME -> TokenizerFile.of(content);
      default ->
          throw new IllegalArgumentException(
              "a vocabulary must be characters, bytes or tokenizer: vocabulary=" + vocabulary);
    };
  }
}
