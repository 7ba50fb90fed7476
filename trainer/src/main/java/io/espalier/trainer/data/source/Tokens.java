package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig.Vocabulary;
import io.espalier.trainer.data.TextEncoding;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The tokens of a vocabulary by number. Immutable. */
public final class Tokens {
  /** The most different characters of a text. */
  static final int MOST = 10_000;

  private final Vocabulary vocabulary;
  private final List<String> names;
  private final Map<Integer, Integer> numbers = new HashMap<>();

  private Tokens(Vocabulary vocabulary, List<String> names) {
    this.vocabulary = vocabulary;
    this.names = List.copyOf(names);
    if (vocabulary == Vocabulary.CHARACTERS) {
      names.forEach(name -> numbers.put(TextEncoding.codePointOf(name), numbers.size()));
    }
  }

  public static Tokens of(Vocabulary vocabulary, List<String> names) {
    return new Tokens(vocabulary, names);
  }

  static Tokens ofBytes() {
    return of(Vocabulary.BYTES, TextEncoding.bytes());
  }

  /** The characters that occur, in the order of Unicode. */
  static Tokens ofCharacters(String text) {
    return of(
        Vocabulary.CHARACTERS,
        text.codePoints().distinct().sorted().mapToObj(TextEncoding::nameOf).toList());
  }

  public List<String> names() {
    return names;
  }

  boolean areBytes() {
    return vocabulary == Vocabulary.BYTES;
  }

  boolean has(int character) {
    return numbers.containsKey(character);
  }

  /**
   * The tokens of a text; throws {@link IllegalArgumentException} if a character is none of them.
   */
  public int[] numbers(String text) {
    if (areBytes()) {
      return numbers(text.getBytes(StandardCharsets.UTF_8));
    }
    return text.codePoints().map(this::number).toArray();
  }

  private int number(int character) {
    Integer number = numbers.get(character);
    if (number == null) {
      throw new IllegalArgumentException(
          "a text must have characters that the network was trained on: character=%s, characters=%d"
              .formatted(TextEncoding.nameOf(character), names.size()));
    }
    return number;
  }

  static int[] numbers(byte[] bytes) {
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
  }

  /** The text of tokens; bytes that are no UTF-8 become replacement characters. */
  public String text(int[] tokens) {
    if (areBytes()) {
      byte[] bytes = new byte[tokens.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) tokens[i];
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.appendCodePoint(TextEncoding.codePointOf(names.get(token)));
    }
    return text.toString();
  }
}
