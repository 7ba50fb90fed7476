package io.espalier.trainer.data.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Each byte of a text is a token. In labelled texts, 0 is padding and a byte's number is one more
 * than its value.
 */
public record ByteTokens(boolean labelled) implements Tokens {
  static final String NAME = "bytes";

  private static final int BYTES = 256;

  @Override
  public String vocabulary() {
    return NAME;
  }

  @Override
  public String content() {
    return "";
  }

  private int first() {
    return labelled ? 1 : 0;
  }

  @Override
  public List<String> names() {
    return Stream.concat(
            Stream.of("<padding>").limit(first()),
            IntStream.range(0, BYTES).mapToObj(CharacterNames::ofByte))
        .toList();
  }

  @Override
  public int padding() {
    return labelled ? 0 : NO_PADDING;
  }

  @Override
  public TokenizedText tokenized(String text) {
    return tokenized(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that are no UTF-8 count as a character each time that a decoder replaces some. */
  @Override
  public TokenizedText tokenized(byte[] bytes) {
    return new TokenizedText(
        IntStream.range(0, bytes.length).map(i -> first() + (bytes[i] & 0xff)).toArray(),
        token ->
            new String(bytes, token, bytes.length - token, StandardCharsets.UTF_8)
                .codePoints()
                .count());
  }

  @Override
  public String text(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    int length = 0;
    for (int token : tokens) {
      if (token >= first()) {
        bytes[length++] = (byte) (token - first());
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
