package io.espalier.cli.console;

import io.espalier.console.TerminalWriter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The progress of work as one line of a terminal; elsewhere nothing. Not thread-safe. */
public final class ProgressLine {
  private static final long INTERVAL_NS = Duration.ofMillis(100).toNanos();
  private static final int CELLS = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier clockNs;
  private long shownNs;
  private boolean open;

  ProgressLine(PrintWriter out, boolean terminal, LongSupplier clockNs) {
    this.out = out;
    this.terminal = terminal;
    this.clockNs = clockNs;
    this.shownNs = clockNs.getAsLong();
  }

  public static ProgressLine of(PrintWriter out) {
    return new ProgressLine(out, Boolean.getBoolean("espalier.terminal"), System::nanoTime);
  }

  /** Replaces the line, unless it was replaced a moment ago. */
  public void show(Supplier<String> text) {
    long now = clockNs.getAsLong();
    if (terminal && now - shownNs >= INTERVAL_NS) {
      shownNs = now;
      open = true;
      TerminalWriter.clearLine(out);
      out.print(text.get());
      out.flush();
    }
  }

  /** Removes the line. */
  public void clear() {
    if (open) {
      TerminalWriter.clearLine(out);
      out.flush();
      open = false;
    }
  }

  /** A bar of a share from 0 to 1. */
  public static String bar(double share) {
    int full = (int) (CELLS * share);
    return "█".repeat(full) + "·".repeat(CELLS - full);
  }
}
