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
  public static final int WIDTH = 80;
  private static final int LABEL = 10;

  private WrappedLine() {}

  /** Prints a formatted line, wrapped. */
  public static void print(PrintWriter out, String format, Object... values) {
    of(String.format(Locale.ROOT, format, values)).forEach(out::println);
  }

  /** The lines of a text whose first ten columns are its label. */
  public static List<String> of(String text) {
    String label = text.substring(0, Math.min(LABEL, text.length()));
    List<String> lines = new ArrayList<>();
    for (String line : words(text.substring(label.length()), WIDTH - LABEL)) {
      lines.add((lines.isEmpty() ? label : " ".repeat(LABEL)) + line);
    }
    return lines;
  }

  /** A text in lines of at most {@code width} columns, or of one longer word. */
  public static List<String> words(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      int last = lines.size() - 1;
      if (lines.isEmpty() || lines.get(last).length() + 1 + word.length() > width) {
        lines.add(word);
      } else {
        lines.set(last, lines.get(last) + " " + word);
      }
    }
    return lines;
  }
}
