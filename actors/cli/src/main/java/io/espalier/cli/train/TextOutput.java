package io.espalier.cli.train;

import io.espalier.cli.console.Progress;
import io.espalier.cli.console.ProgressPrinter;
import io.espalier.cli.console.WrappedLine;
import io.espalier.telemetry.event.Event;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunBranch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Text for people: a description, progress, and the result. */
final class TextOutput implements TrainOutput {
  private final PrintWriter out;
  private final PrintWriter errors;
  private final int width;
  private volatile Optional<ProgressPrinter> shown = Optional.empty();

  TextOutput(PrintWriter out, PrintWriter errors, int width) {
    this.out = out;
    this.errors = errors;
    this.width = width;
  }

  @Override
  public void planned(PreparedRun run, Path directory) {
    RunDescription.print(out, run, directory);
  }

  @Override
  public void rehearsed(PreparedRun run, Path directory) {
    RunDescription.printRehearsal(out, run, directory);
  }

  @Override
  public void branched(RunBranch branch) {
    ResumeDescription.print(out, branch);
  }

  @Override
  public void resumed(PreparedRun run, Optional<Path> checkpoint, long step) {
    ResumeDescription.print(out, run, checkpoint, step);
  }

  @Override
  public void started(Progress progress) {
    shown = Optional.of(ProgressPrinter.of(out, width, progress));
  }

  @Override
  public void accept(Event event) {
    shown.ifPresent(progress -> progress.accept(event));
  }

  @Override
  public void notice(String place) {
    Runnable print = () -> WrappedLine.print(out, "%s", "events    " + place);
    shown.ifPresentOrElse(progress -> progress.aside(print), print);
  }

  @Override
  public void warning(String warning) {
    Runnable print = () -> errors.println("warning: " + warning);
    shown.ifPresentOrElse(progress -> progress.aside(print), print);
  }

  @Override
  public void stopping() {
    shown.ifPresent(
        progress ->
            progress.println(
                "stopping: a checkpoint is written at the next sync; Ctrl-C again to abort"));
  }

  @Override
  public void ended(Ending ending) {
    shown.ifPresent(ProgressPrinter::finish);
    if (ending.result() instanceof RunResult.Finished finished) {
      WrappedLine.print(out, "%s", RunDescription.result(finished.run()));
      RunDescription.printEnding(out, finished.run(), ending.directory());
      ending
          .broker()
          .ifPresent(
              address -> WrappedLine.print(out, "events    all shipped to Kafka at %s", address));
      finished.leftToShip().ifPresent(left -> errors.println("warning: " + left));
      out.println("report    " + ending.directory().report());
    } else {
      boolean interrupted = ending.result() instanceof RunResult.Paused;
      ending.advice().forEach((interrupted ? out : errors)::println);
    }
    out.flush();
    errors.flush();
  }
}
