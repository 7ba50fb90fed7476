package io.espalier.cli.train;

import io.espalier.cli.console.Progress;
import io.espalier.telemetry.event.Event;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunBranch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** The line of the result, and on standard error what went wrong. */
final class QuietOutput implements TrainOutput {
  private final PrintWriter out;
  private final PrintWriter errors;

  QuietOutput(PrintWriter out, PrintWriter errors) {
    this.out = out;
    this.errors = errors;
  }

  @Override
  public void planned(PreparedRun run, Path directory) {}

  @Override
  public void rehearsed(PreparedRun run, Path directory) {}

  @Override
  public void branched(RunBranch branch) {}

  @Override
  public void resumed(PreparedRun run, Optional<Path> checkpoint, long step) {}

  @Override
  public void started(Progress progress) {}

  @Override
  public void accept(Event event) {}

  @Override
  public void notice(String place) {}

  @Override
  public void warning(String warning) {}

  @Override
  public void stopping() {}

  @Override
  public void ended(Ending ending) {
    if (ending.result() instanceof RunResult.Finished finished) {
      out.println(RunDescription.result(finished.run()));
    } else {
      ending.advice().forEach(errors::println);
    }
    out.flush();
    errors.flush();
  }
}
