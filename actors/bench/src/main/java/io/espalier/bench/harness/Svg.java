package io.espalier.bench.harness;

import java.util.Locale;

/** A picture as text, element by element, on white. Not thread-safe. */
public final class Svg {
  private final StringBuilder text = new StringBuilder();

  public Svg(int width, int height, String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#111827\">",
        width, height, width, height);
    add("<title>%s</title>", title);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
  }

  public void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Returns the whole document. */
  public String end() {
    add("</svg>");
    return text.toString();
  }
}
