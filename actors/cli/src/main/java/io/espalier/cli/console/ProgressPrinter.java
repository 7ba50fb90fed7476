package io.espalier.cli.console;

import io.espalier.console.TerminalWriter;
import io.espalier.telemetry.event.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shows a run's progress: one line that is rewritten on a terminal, a line now and then elsewhere.
 * Thread-safe.
 */
public final class ProgressPrinter implements Consumer<Event> {
  private final PrintWriter out;
  private final boolean terminal;
  private final int width;
  private final Progress progress;
  private final LongSupplier clockNs;
  private final long intervalNs;
  private long shownNs;
  private boolean lineOpen;
  private String shown = "";

  /** A printer for this terminal; {@code width} is used if it reports none. */
  public static ProgressPrinter of(PrintWriter out, int width, Progress progress) {
    return new ProgressPrinter(
        out,
        Boolean.getBoolean("espalier.terminal"),
        Integer.getInteger("espalier.columns", width),
        progress,
        System::nanoTime);
  }

  ProgressPrinter(
      PrintWriter out, boolean terminal, int width, Progress progress, LongSupplier clockNs) {
    this.out = out;
    this.terminal = terminal;
    this.width = width;
    this.progress = progress;
    this.clockNs = clockNs;
    this.intervalNs = (terminal ? Duration.ofMillis(200) : Duration.ofSeconds(5)).toNanos();
    this.shownNs = clockNs.getAsLong();
  }

  @Override
  public void accept(Event event) {
    accept(event, clockNs.getAsLong());
  }

  /** Takes in an event that happened at {@code atNs}, on the clock of the progress. */
  public synchronized void accept(Event event, long atNs) {
    long now = clockNs.getAsLong();
    progress.on(event, atNs);
    String notice = Progress.notice(event);
    if (!notice.isEmpty()) {
      aside(() -> WrappedLine.print(out, "%s", notice));
      out.flush();
    }
    if (now - shownNs >= intervalNs) {
      shownNs = now;
      show();
    }
  }

  public synchronized void println(String line) {
    aside(() -> out.println(line));
    out.flush();
  }

  /** Lets something else print where the progress is shown. */
  public synchronized void aside(Runnable print) {
    if (lineOpen) {
      TerminalWriter.clearLine(out);
      out.flush();
      lineOpen = false;
    }
    print.run();
  }

  /** Leaves the last state of the progress on a separate line. */
  public synchronized void finish() {
    if (terminal) {
      show();
      out.println();
      lineOpen = false;
    } else if (!progress.line().equals(shown)) {
      out.println(progress.line());
    }
    out.flush();
  }

  private void show() {
    String line = progress.line();
    shown = line;
    if (terminal) {
      TerminalWriter.clearLine(out);
      out.print(line.substring(0, Math.min(line.length(), Math.max(20, width - 1))));
      lineOpen = true;
    } else {
      out.println(line);
    }
    out.flush();
  }
}
