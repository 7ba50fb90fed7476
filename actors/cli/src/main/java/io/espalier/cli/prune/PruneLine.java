package io.espalier.cli.prune;

import io.espalier.console.TerminalWriter;
import io.espalier.trainer.offline.PruneProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The progress of pruning as one line of a terminal; elsewhere nothing. Not thread-safe. */
final class PruneLine implements PruneProgress {
  private static final long INTERVAL_NS = Duration.ofMillis(100).toNanos();
  private static final int CELLS = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier clockNs;
  private long shownNs;
  private boolean open;

  PruneLine(PrintWriter out, boolean terminal, LongSupplier clockNs) {
    this.out = out;
    this.terminal = terminal;
    this.clockNs = clockNs;
    this.shownNs = clockNs.getAsLong();
  }

  static PruneLine of(PrintWriter out) {
    return new PruneLine(out, Boolean.getBoolean("espalier.terminal"), System::nanoTime);
  }

  @Override
  public void at(Phase phase, long done, long total) {
    long now = clockNs.getAsLong();
    if (terminal && now - shownNs >= INTERVAL_NS) {
      shownNs = now;
      open = true;
      TerminalWriter.clearLine(out);
      out.print(text(phase, done, total));
      out.flush();
    }
  }

  void clear() {
    if (open) {
      TerminalWriter.clearLine(out);
      out.flush();
      open = false;
    }
  }

  /** A phase that reads all weights again counts the times. */
  private static String text(Phase phase, long done, long total) {
    if (phase == Phase.MEASURING) {
      return String.format(Locale.ROOT, "measuring, batch %,d of %,d", done, total);
    }
    long round = total == 0 ? 0 : (done - 1) / total;
    double share = total == 0 ? 1 : (double) (done - round * total) / total;
    int full = (int) (CELLS * share);
    String bar = "█".repeat(full) + "·".repeat(CELLS - full);
    String what = phase == Phase.WRITING ? "writing" : "ranking, reading " + (round + 1);
    return String.format(
        Locale.ROOT, "%s %s %3.0f %% of %,d MB", what, bar, 100 * share, total >> 20);
  }
}
