package io.espalier.console;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * The writer of what commands print. Names from files, recipes and the network may hold control
 * characters, which a terminal would obey: all but line breaks and tabs are written as JSON
 * escapes, and so are characters that turn the direction of writing. As thread-safe as a {@link
 * PrintWriter}.
 */
public final class TerminalWriter extends PrintWriter {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Writer raw;

  private TerminalWriter(Writer raw) {
    super(new Escapes(raw), true);
    this.raw = raw;
  }

  public static TerminalWriter of(Writer raw) {
    return new TerminalWriter(raw);
  }

  /** Empties the line that the cursor stands on. */
  public static void clearLine(PrintWriter out) {
    if (out instanceof TerminalWriter terminal) {
      terminal.writeRaw(CLEAR_LINE);
    } else {
      out.print(CLEAR_LINE);
    }
  }

  private void writeRaw(String text) {
    synchronized (lock) {
      try {
        raw.write(text);
      } catch (IOException e) {
        setError();
      }
    }
  }

  private static final class Escapes extends FilterWriter {
    private Escapes(Writer out) {
      super(out);
    }

    @Override
    public void write(int character) throws IOException {
      write(String.valueOf((char) character), 0, 1);
    }

    @Override
    public void write(char[] characters, int start, int length) throws IOException {
      write(String.valueOf(characters, start, length), 0, length);
    }

    @Override
    public void write(String text, int start, int length) throws IOException {
      int end = start + length;
      int from = start;
      for (int i = start; i < end; i++) {
        char each = text.charAt(i);
        boolean endsLine = each == '\r' && text.startsWith("\n", i + 1);
        if (isObeyed(each) && !endsLine) {
          out.write(text, from, i - from);
          out.write(String.format(Locale.ROOT, "\\u%04x", (int) each));
          from = i + 1;
        }
      }
      out.write(text, from, end - from);
    }

    private static boolean isObeyed(char each) {
      if (Character.isISOControl(each)) {
        return each != '\n' && each != '\t';
      }
      return each == '\u061c' // marks and controls of the direction of writing
          || each == '\u200e'
          || each == '\u200f'
          || (each >= '\u2028' && each <= '\u202e')
          || (each >= '\u2066' && each <= '\u2069');
    }
  }
}
