package io.espalier.trainer.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Characters, numbered in the order of a text that lists each once. Those of labelled texts come
 * behind a token that fills texts up, 0, and one for all other characters, 1.
 */
public final class CharacterTokens implements Tokens {
  static final String NAME = "characters";

  /** The most different characters of a text. */
  public static final int MOST = 10_000;

  private static final int OTHER = 1;

  private final String characters;
  private final boolean labelled;
  private final int[] codePoints;
  private final int first;
  private final Map<Integer, Integer> numbers = new HashMap<>();

  private CharacterTokens(String characters, boolean labelled) {
    this.characters = characters;
    this.labelled = labelled;
    this.codePoints = characters.codePoints().toArray();
    this.first = labelled ? OTHER + 1 : 0;
    for (int codePoint : codePoints) {
      numbers.put(codePoint, first + numbers.size());
    }
    if (codePoints.length < 1 || codePoints.length > MOST || numbers.size() < codePoints.length) {
      throw new IllegalArgumentException(
          "a vocabulary must be 1 to %d characters, each once: characters=%d, different=%d"
              .formatted(MOST, codePoints.length, numbers.size()));
    }
  }

  static CharacterTokens of(String characters, boolean labelled) {
    return new CharacterTokens(characters, labelled);
  }

  /** The different characters of a text in the order of Unicode. */
  public static String in(String text) {
    int[] sorted = text.codePoints().distinct().sorted().toArray();
    return new String(sorted, 0, sorted.length);
  }

  @Override
  public String vocabulary() {
    return NAME;
  }

  @Override
  public String content() {
    return characters;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(labelled ? List.of("<padding>", "<other>") : List.of());
    for (int codePoint : codePoints) {
      names.add(CharacterNames.of(codePoint));
    }
    return List.copyOf(names);
  }

  @Override
  public int padding() {
    return labelled ? 0 : NO_PADDING;
  }

  public boolean has(int codePoint) {
    return numbers.containsKey(codePoint);
  }

  @Override
  public TokenizedText tokenized(String text) {
    int[] all = text.codePoints().map(this::number).toArray();
    return new TokenizedText(all, token -> all.length - (long) token);
  }

  private int number(int character) {
    Integer number = numbers.get(character);
    if (number != null) {
      return number;
    }
    if (labelled) {
      return OTHER;
    }
    throw new IllegalArgumentException(
        "a text must have characters that the network was trained on: character=%s, characters=%d"
            .formatted(CharacterNames.of(character), codePoints.length));
  }

  @Override
  public String text(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      if (token >= first) {
        text.appendCodePoint(codePoints[token - first]);
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharacterTokens tokens
        && tokens.labelled == labelled
        && tokens.characters.equals(characters);
  }

  @Override
  public int hashCode() {
    return characters.hashCode();
  }

  @Override
  public String toString() {
    return codePoints.length + " characters";
  }
}
