package io.espalier.bench.accuracy;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Prints each result as it comes, with the count and the time left. Not thread-safe. */
final class BenchProgress {
  private final PrintWriter out;
  private final int total;
  private final LongSupplier clockNs;
  private final long startNs;
  private int done;
  private int before;

  BenchProgress(PrintWriter out, int total, LongSupplier clockNs) {
    this.out = out;
    this.total = total;
    this.clockNs = clockNs;
    this.startNs = clockNs.getAsLong();
  }

  void resume(int finished) {
    done = finished;
    before = finished;
    if (finished > 0) {
      out.println("%d of %d runs are there already".formatted(finished, total));
    }
  }

  void finished(TrialResult result) {
    done++;
    out.println(
        String.format(
            Locale.ROOT,
            "[%3d/%d] %-11s %s  seed %d  accuracy %.2f %%  %,d of %,d kept  %.1f s  ETA %s",
            done,
            total,
            result.row(),
            at(result.sparsity()),
            result.seed(),
            100 * result.accuracy(),
            result.kept(),
            result.prunable(),
            result.seconds(),
            timeLeft()));
  }

  void failed(Trial trial, String cause) {
    done++;
    out.println(
        "[%3d/%d] %-11s %s  seed %d  failed: %s"
            .formatted(done, total, trial.row(), at(trial.sparsity()), trial.seed(), cause));
  }

  private static String at(double sparsity) {
    return String.format(Locale.ROOT, "%5.1f %%", 100 * sparsity);
  }

  private String timeLeft() {
    long elapsed = (clockNs.getAsLong() - startNs) / 1_000_000_000;
    long seconds = elapsed * (total - done) / Math.max(1, done - before);
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
