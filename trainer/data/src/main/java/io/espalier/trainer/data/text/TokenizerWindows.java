package io.espalier.trainer.data.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Splits a long text by calls of bounded length, as the native library takes about 300 bytes for
 * each character of a call. Calls overlap; one goes on from another at a place where both have the
 * same tokens in a row, so what a tokenizer file does to the begin or the end of a text does not
 * show. A piece in which no such place is found, such as a run of one letter, is cut at the end of
 * the call.
 */
public final class TokenizerWindows {
  /** The most UTF-16 characters of a call. */
  public static final int LENGTH = 1 << 14;

  private static final int OVERLAP = 1 << 11;

  /** Equal tokens in a row after which those of two calls count as the same. */
  private static final int AGREEMENT = 16;

  private final String text;
  private final int length;
  private final int overlap;
  private final Function<String, TokenizedPiece> call;
  private int[] numbers = new int[1 << 10];
  private int[] begins = new int[1 << 10];
  private int count;

  private TokenizerWindows(String text, int length, Function<String, TokenizedPiece> call) {
    this.text = text;
    this.length = length;
    this.overlap = Math.min(OVERLAP, length / 4);
    this.call = call;
  }

  /** The tokens of a text by calls for at most {@link #LENGTH} characters of it. */
  public static TokenizedPiece encode(String text, Function<String, TokenizedPiece> call) {
    return encode(text, LENGTH, call);
  }

  static TokenizedPiece encode(String text, int length, Function<String, TokenizedPiece> call) {
    return text.length() <= length
        ? call.apply(text)
        : new TokenizerWindows(text, length, call).all();
  }

  /** The text of the first call. */
  public static String begin(String text) {
    return text.substring(0, whole(text, Math.min(text.length(), LENGTH)));
  }

  private TokenizedPiece all() {
    int end = end(0);
    int characters = 0;
    int begin = 0;
    TokenizedPiece piece = call.apply(text.substring(0, end));
    int first = 0;
    while (end < text.length()) {
      int nextBegin = begin(end);
      int nextCharacters = characters + text.codePointCount(begin, nextBegin);
      int nextEnd = end(nextBegin);
      TokenizedPiece next = call.apply(text.substring(nextBegin, nextEnd));
      int shift = nextCharacters - characters;
      int[] place = agreement(piece, next, shift, text.codePointCount(nextBegin, end) / 2);
      if (place.length == 0) {
        add(piece, first, piece.count(), characters);
        nextBegin = end;
        nextCharacters = characters + text.codePointCount(begin, end);
        nextEnd = end(end);
        next = call.apply(text.substring(end, nextEnd));
        first = 0;
      } else {
        add(piece, first, place[0], characters);
        first = place[1];
      }
      piece = next;
      begin = nextBegin;
      characters = nextCharacters;
      end = nextEnd;
    }
    add(piece, first, piece.count(), characters);
    return new TokenizedPiece(Arrays.copyOf(numbers, count), Arrays.copyOf(begins, count));
  }

  private int end(int begin) {
    return whole(text, Math.min(text.length(), begin + length));
  }

  /** Before the first white space behind the overlap's begin: most tokenizers begin anew there. */
  private int begin(int end) {
    int earliest = whole(text, end - overlap);
    for (int i = earliest; i < end - overlap / 2; i++) {
      if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return earliest;
  }

  /** Not between the two halves of a character. */
  private static int whole(String text, int index) {
    boolean within =
        index < text.length()
            && Character.isLowSurrogate(text.charAt(index))
            && Character.isHighSurrogate(text.charAt(index - 1));
    return within ? index - 1 : index;
  }

  /**
   * The first place behind the middle of the overlap from where both have the same tokens, as the
   * token of each; empty if there is none.
   *
   * @param shift characters from the begin of {@code piece} to that of {@code next}
   * @param middle of the overlap in characters of {@code next}
   */
  private static int[] agreement(TokenizedPiece piece, TokenizedPiece next, int shift, int middle) {
    int i = 0;
    for (int j = 0; j + AGREEMENT <= next.count(); j++) {
      while (i < piece.count() && piece.begin(i) - shift < next.begin(j)) {
        i++;
      }
      if (next.begin(j) >= middle && agree(piece, i, next, j, shift)) {
        return new int[] {i, j};
      }
    }
    return new int[0];
  }

  private static boolean agree(TokenizedPiece piece, int i, TokenizedPiece next, int j, int shift) {
    if (i + AGREEMENT > piece.count()) {
      return false;
    }
    for (int k = 0; k < AGREEMENT; k++) {
      if (piece.number(i + k) != next.number(j + k)
          || piece.begin(i + k) - shift != next.begin(j + k)) {
        return false;
      }
    }
    return true;
  }

  private void add(TokenizedPiece piece, int from, int to, int characters) {
    while (count + to - from > numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
      begins = Arrays.copyOf(begins, 2 * begins.length);
    }
    for (int i = from; i < to; i++) {
      numbers[count] = piece.number(i);
      begins[count++] = piece.begin(i) + characters;
    }
  }
}
