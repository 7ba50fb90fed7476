package io.espalier.federation.refusal;

/** Text from the network, made fit for a terminal and one line of a log. */
public final class PrintableText {
  /** The longest detail of a refusal, in characters. */
  public static final int DETAIL = 500;

  private static final char REPLACEMENT = '\uFFFD';

  private PrintableText() {}

  /**
   * Replaces invisible characters, such as terminal or writing-direction controls, and cuts the
   * text to {@code most} characters.
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
