package io.espalier.trainer.data.source;

/** Numbers of cells: decimal, perhaps with an exponent; no words, no signs of types. */
final class CellNumber {
  private static final String SIGNS = "0123456789+-.eE";

  private CellNumber() {}

  /** Returns NaN if a text is no number, an infinity if it is none of 32 bits. */
  static float parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (SIGNS.indexOf(text.charAt(i)) < 0) {
        return Float.NaN;
      }
    }
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  static boolean is(String text) {
    return !Float.isNaN(parse(text));
  }

  static boolean isFraction(String text) {
    float value = parse(text);
    return Float.isFinite(value) && value != (float) Math.rint(value);
  }
}
