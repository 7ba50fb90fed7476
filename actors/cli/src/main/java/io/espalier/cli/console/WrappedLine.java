package io.espalier.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line that begins with a label of ten columns and goes on below its text where it is longer than
 * a terminal. Words, such as paths, stay whole.
 */
public final class WrappedLine {
  static final int WIDTH = 80;
  private static final int LABEL = 10;

  private WrappedLine() {}

  /** Prints a formatted line, wrapped. */
  public static void print(PrintWriter out, String format, Object... values) {
    of(String.format(Locale.ROOT, format, values)).forEach(out::println);
  }

  /** The lines of a text whose first ten columns are its label. */
  public static List<String> of(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(text.substring(0, Math.min(LABEL, text.length())));
    String words = text.substring(line.length());
    boolean first = true;
    for (String word : words.split(" ", -1)) {
      if (!first && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(LABEL));
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    lines.add(line.toString());
    return lines;
  }
}
