package io.espalier.cli.train;

import io.espalier.cli.console.WrappedLine;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.run.RunBranch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where a run goes on. */
final class ResumeDescription {
  private ResumeDescription() {}

  /** Prints the checkpoint from which a run goes on in its own directory. */
  static void print(PrintWriter out, PreparedRun run, Optional<Path> checkpoint, long step) {
    WrappedLine.print(
        out,
        "resume    %s",
        checkpoint
            .map(path -> place(run, step) + ": " + path)
            .orElse("from the start: the run has no checkpoint yet"));
    out.flush();
  }

  /** Prints the state of another run that a new run goes on from, and what it changes. */
  static void print(PrintWriter out, RunBranch branch) {
    WrappedLine.print(
        out,
        "resume    %s, as a new run",
        branch
            .from()
            .map(from -> place(branch.run(), from.committed().step()) + ": " + from.directory())
            .orElse("from the start: %s has no checkpoint".formatted(branch.parent())));
    branch
        .run()
        .config()
        .parent()
        .orElseThrow()
        .changes()
        .forEach(change -> out.println("change    " + change));
    out.flush();
  }

  private static String place(PreparedRun run, long step) {
    return String.format(
        Locale.ROOT,
        "from step %,d of %,d (epoch %.1f of %d)",
        step,
        run.plan().totalSteps(),
        (double) step / run.plan().stepsPerEpoch(),
        run.config().train().clock().epochs());
  }
}
