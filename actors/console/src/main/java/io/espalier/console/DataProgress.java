package io.espalier.console;

import io.espalier.trainer.data.source.DataHome.DataListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Prints the progress of a long download or decoding, a line every two seconds, and notices about
 * data. Thread-safe.
 */
final class DataProgress implements DataListener {
  private static final long INTERVAL_NS = Duration.ofSeconds(2).toNanos();

  private final PrintWriter errors;
  private final LongSupplier clockNs;
  private long shownNs;

  DataProgress(PrintWriter errors, LongSupplier clockNs) {
    this.errors = errors;
    this.clockNs = clockNs;
    this.shownNs = clockNs.getAsLong();
  }

  @Override
  public synchronized void progressed(String file, long bytes, OptionalLong total) {
    if (isDue()) {
      String of =
          total.isEmpty()
              ? ""
              : String.format(
                  Locale.ROOT,
                  " of %.1f MB (%d%%)",
                  total.getAsLong() / 1e6,
                  100 * bytes / Math.max(1, total.getAsLong()));
      println(String.format(Locale.ROOT, "fetching  %s: %.1f MB%s", file, bytes / 1e6, of));
    }
  }

  @Override
  public synchronized void decoded(Path folder, int images, int total) {
    if (isDue()) {
      println(
          String.format(
              Locale.ROOT,
              "decoding  %s: %,d of %,d images (%d%%)",
              folder,
              images,
              total,
              100L * images / total));
    }
  }

  private boolean isDue() {
    long now = clockNs.getAsLong();
    if (now - shownNs < INTERVAL_NS) {
      return false;
    }
    shownNs = now;
    return true;
  }

  @Override
  public synchronized void waiting(Path directory) {
    println("fetching  waiting for another download into " + directory);
  }

  @Override
  public synchronized void noticed(String notice) {
    println("notice    " + notice);
  }

  private void println(String line) {
    errors.println(line);
    errors.flush();
  }
}
