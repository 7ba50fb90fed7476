package io.espalier.cli.prune;

import io.espalier.cli.console.ProgressLine;
import io.espalier.trainer.offline.PruneProgress;
import java.util.Locale;

/** The progress of pruning as one line of a terminal. Not thread-safe. */
record PruneLine(ProgressLine line) implements PruneProgress {
  @Override
  public void at(Phase phase, long done, long total) {
    line.show(() -> text(phase, done, total));
  }

  /** A phase that reads all weights again counts the times. */
  private static String text(Phase phase, long done, long total) {
    if (phase == Phase.MEASURING) {
      return String.format(Locale.ROOT, "measuring, batch %,d of %,d", done, total);
    }
    long round = total == 0 ? 0 : (done - 1) / total;
    double share = total == 0 ? 1 : (double) (done - round * total) / total;
    String what = phase == Phase.WRITING ? "writing" : "ranking, reading " + (round + 1);
    return String.format(
        Locale.ROOT,
        "%s %s %3.0f %% of %,d MB",
        what,
        ProgressLine.bar(share),
        100 * share,
        total >> 20);
  }
}
