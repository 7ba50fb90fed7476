package io.espalier.trainer.data.text;

/** Printable names of characters. */
public final class CharacterNames {
  private CharacterNames() {}

  /** The name of a character: itself, or such as U+000A where it cannot be seen. */
  public static String of(int codePoint) {
    return isShown(codePoint) ? Character.toString(codePoint) : "U+%04X".formatted(codePoint);
  }

  /** The name of a byte: its character in ASCII, or such as 0xFF. */
  static String ofByte(int value) {
    return isShown(value) && value < 0x7f ? of(value) : "0x%02X".formatted(value);
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
