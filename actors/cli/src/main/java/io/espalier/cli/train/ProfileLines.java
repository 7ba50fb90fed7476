package io.espalier.cli.train;

import io.espalier.trainer.latency.Profiler;
import java.io.PrintWriter;
import java.util.Locale;

/** Tells of a profile as it goes on, a line for each layer. */
final class ProfileLines implements Profiler.Listener {
  private final PrintWriter errors;

  ProfileLines(PrintWriter errors) {
    this.errors = errors;
  }

  @Override
  public void startsAnew(String reason) {
    println("starting a new table in place of " + reason);
  }

  @Override
  public void measured(String layer, long nanoseconds, int done, int due) {
    println(
        String.format(
            Locale.ROOT, "profiled  %d/%d %9.3f ms  %s", done, due, nanoseconds / 1e6, layer));
  }

  private void println(String line) {
    errors.println(line);
    errors.flush();
  }
}
