package io.espalier.federation.transfer;

/** Text of strangers, made fit for a terminal and a line of a log. */
public final class PrintableText {
  /** The longest detail of a refusal; as long as the rules with their values are. */
  public static final int DETAIL = 500;

  private static final char REPLACEMENT = '\uFFFD';

  private PrintableText() {}

  /**
   * The text with a replacement for each character that is not seen, such as those that steer
   * terminals or turn the direction of writing, and cut.
   *
   * @param most characters
   */
  public static String of(String text, int most) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(point -> printable.appendCodePoint(isSeen(point) ? point : REPLACEMENT));
    return text.codePointCount(0, text.length()) > most ? printable + "…" : printable.toString();
  }

  private static boolean isSeen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
