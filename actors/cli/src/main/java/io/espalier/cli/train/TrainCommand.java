package io.espalier.cli.train;

import io.espalier.cli.console.CommandHome;
import io.espalier.cli.console.Interrupts;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.Progress;
import io.espalier.cli.console.ProgressPrinter;
import io.espalier.cli.console.RunOptions;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.CutEvents;
import io.espalier.training.run.RunBranch;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunReport;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = {
      "Trains and prunes a network, and leaves it with a report in a run directory.",
      "",
      "The progress line shows the share done, step, loss, accuracy (of recent batches, then of the"
          + " newest evaluation), sparsity actual/target (of channels: what is gone of the budget),"
          + " time left and speed.",
      "RECIPE is a file, or the name of a shipped recipe (see 'espalier recipes').",
      "--resume DIR goes on with a run that was stopped or has failed, to the same bits. With -D it"
          + " goes on as a new run with other settings of train, such as a lower learning rate;"
          + " network, data and pruning stay.",
      "Ctrl-C writes a checkpoint at the next sync and ends; a second one aborts."
    },
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  private Optional<RunReport> compared = Optional.empty();
  private Optional<BrokerAccess> broker = Optional.empty();
  private volatile Optional<ProgressPrinter> shown = Optional.empty();

  @Mixin private RunOptions options;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Show the run in DIR, such as a dense one, beside this one in its report.")
  private Optional<Path> compare = Optional.empty();

  @Mixin private ExtensionOptions extension;

  @Override
  public Integer call() throws IOException {
    compared = compare.map(RunReport::of).map(RunReport::verified);
    broker = kafka.access();
    options.requireOne("");
    extension.check(options);
    if (options.resumed().isPresent() && (extension.isGiven() || !options.overrides().isEmpty())) {
      return branch(options.resumed().get());
    }
    options.check("");
    return options.run(
        config -> PreparedRun.of(config, dataHome()),
        config -> PreparedRun.toResume(config, dataHome()),
        this::train);
  }

  private DataHome dataHome() {
    return CommandHome.data(CommandHome.create(), spec.commandLine().getErr());
  }

  /** Goes on from a state of another run, as a new run with a directory of its own. */
  private int branch(Path parent) throws IOException {
    RunBranch branch =
        extension.isGiven()
            ? RunBranch.extending(parent, extension.read(), options.overrides(), dataHome())
            : RunBranch.correcting(parent, options.overrides(), dataHome(), this::warn);
    try (RunDirectory directory = options.newDirectory(branch.recipe())) {
      branch.seed(directory);
      PrintWriter console = spec.commandLine().getOut();
      RunDescription.print(console, branch.run(), directory.path());
      ResumeDescription.print(console, branch);
      return execute(branch.run(), branch.recipe(), directory, false);
    }
  }

  private int train(PreparedRun run, ResolvedRecipe resolved, RunDirectory directory)
      throws IOException {
    RunDescription.print(spec.commandLine().getOut(), run, directory.path());
    return execute(run, resolved, directory, options.resumed().isPresent());
  }

  private int execute(
      PreparedRun run, ResolvedRecipe resolved, RunDirectory directory, boolean resumes)
      throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    ProgressFeed feed = new ProgressFeed();
    try (RunSession session =
        RunSession.start(
            new RunSession.Request(
                run,
                resolved.text(),
                directory,
                EspalierHome.path(),
                broker,
                feed,
                this::notice,
                this::warn))) {
      if (resumes) {
        ResumeDescription.print(console, run, session.startCheckpoint(), session.startStep());
      }
      ProgressPrinter progress =
          ProgressPrinter.of(
              console,
              spec.usageMessage().width(),
              new Progress(
                  run.plan().totalSteps(),
                  session.startStep(),
                  CutEvents.budget(run.config().prune().granularity()),
                  session.startSparsity(),
                  System.nanoTime()));
      shown = Optional.of(progress);
      feed.start(progress);
      Interrupts interrupts = Interrupts.onFirst(signal -> stop(session, progress));
      try {
        RunResult result = session.await();
        feed.close();
        return report(result, progress, session, resolved, directory);
      } finally {
        interrupts.restore();
      }
    } catch (FencedException e) {
      return overtaken(new RunResult.Fenced(e.by()), directory);
    }
  }

  private int overtaken(RunResult.Fenced fenced, RunDirectory directory) {
    PrintWriter errors = spec.commandLine().getErr();
    errors.println("espalier: " + fenced.message(directory.path(), "espalier train --resume"));
    errors.flush();
    return FAILED;
  }

  private void notice(String place) {
    String line = "events    " + place;
    shown.ifPresentOrElse(
        progress -> progress.println(line), () -> spec.commandLine().getOut().println(line));
  }

  private void warn(String warning) {
    Runnable print = () -> spec.commandLine().getErr().println("warning: " + warning);
    shown.ifPresentOrElse(progress -> progress.aside(print), print);
  }

  private static void stop(RunSession session, ProgressPrinter progress) {
    progress.println("stopping: a checkpoint is written at the next sync; Ctrl-C again to abort");
    session.pause();
  }

  private int report(
      RunResult result,
      ProgressPrinter progress,
      RunSession session,
      ResolvedRecipe resolved,
      RunDirectory directory)
      throws IOException {
    progress.finish();
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (result instanceof RunResult.Finished finished) {
      RunDescription.printResult(console, finished.run());
      session
          .brokerAddress()
          .filter(address -> finished.leftToShip().isEmpty())
          .ifPresent(address -> console.println("events    all shipped to Kafka at " + address));
      if (compared.isPresent()) {
        RunReport.of(directory.path()).write(compared);
      }
      finished.leftToShip().ifPresent(left -> errors.println("warning: " + left));
      console.println("report    " + directory.report());
      console.flush();
      return OK;
    }
    if (result instanceof RunResult.Paused stopped) {
      console.println(
          stopped.step() == 0
              ? "stopped before the first sync, without a checkpoint; begin anew in the same place"
                  + " with:"
              : "stopped at step " + stopped.step() + " with a checkpoint; go on with:");
      console.println("  espalier train --resume " + directory.path());
      console.flush();
      return INTERRUPTED;
    }
    if (result instanceof RunResult.Fenced fenced) {
      return overtaken(fenced, directory);
    }
    fail((RunResult.Failed) result, resolved, directory);
    return FAILED;
  }

  private void fail(RunResult.Failed failed, ResolvedRecipe recipe, RunDirectory directory)
      throws IOException {
    PrintWriter errors = spec.commandLine().getErr();
    errors.println("run failed after step " + failed.step() + ": " + failed.cause());
    String resume = "  espalier train --resume " + directory.path();
    boolean hasCheckpoint = directory.hasCheckpoint();
    if (failed.diverged()) {
      errors.println(
          hasCheckpoint
              ? "the same run would fail there again; go on from the newest checkpoint at a tenth of"
                  + " the learning rate, as a new run, with:"
              : "there is no checkpoint yet; begin anew at a tenth of the learning rate, as a new run,"
                  + " with:");
      errors.println(resume + " -D " + RunBranch.lowerRate(recipe));
    } else {
      errors.println(
          hasCheckpoint
              ? "once its cause is mended, go on from the newest checkpoint with:"
              : "there is no checkpoint yet; once its cause is mended, begin anew in the same place"
                  + " with:");
      errors.println(resume);
    }
    errors.flush();
  }
}
