package io.espalier.cli.train;

import io.espalier.cli.console.DownloadProgress;
import io.espalier.cli.console.EspalierHome;
import io.espalier.cli.console.Interrupts;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.Progress;
import io.espalier.cli.console.ProgressPrinter;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.run.CutEvents;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunReport;
import io.espalier.training.run.RunResult;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier train}: a run from start, or from its last checkpoint, to its report. */
@Command(
    name = "train",
    description = {
      "Train and prune a network, and leave it with a report in a run directory.",
      "",
      "The progress line tells the share done, step, loss, accuracy (of recent batches, then of"
          + " the newest evaluation), sparsity actual/target (of channels: what is gone of the budget), time left and speed.",
      "RECIPE is a file, or the name of a shipped recipe (see 'espalier recipes').",
      "Ctrl-C writes a checkpoint at the next sync and ends; a second one aborts."
    },
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "Recipe file or shipped name.")
  private Optional<String> recipe = Optional.empty();

  private Optional<RunReport> compared = Optional.empty();
  private Optional<BrokerAccess> broker = Optional.empty();
  private volatile Optional<ProgressPrinter> shown = Optional.empty();

  @Mixin private RecipeOverrides overrides;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run directory, new or empty (default: runs/<name>-<time>).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in DIR from its last checkpoint.")
  private Optional<Path> resume = Optional.empty();

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Show the run in DIR, such as a dense one, beside this one in its report.")
  private Optional<Path> compare = Optional.empty();

  @Override
  public Integer call() throws IOException {
    compared = compare.map(RunReport::of).map(RunReport::verified);
    broker = kafka.access();
    if (recipe.isPresent() == resume.isPresent()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give either a RECIPE to start or --resume DIR to go on with");
    }
    if (resume.isPresent()) {
      if (!overrides.isEmpty() || out.isPresent()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--resume takes recipe and place from its directory: leave -D and --out away");
      }
      try (RunDirectory directory = RunDirectory.resume(resume.get())) {
        ResolvedRecipe resolved =
            new RecipeLoader()
                .parse(
                    resume.get().resolve("recipe.conf").toString(), directory.recipe(), List.of());
        return train(PreparedRun.toResume(resolved.config(), dataHome()), resolved, directory);
      }
    }
    ResolvedRecipe resolved =
        InitialValues.pinned(new RecipeLoader().load(recipe.get(), overrides.values()));
    PreparedRun run = prepare(resolved, recipe.get());
    Path target = out.orElseGet(() -> RunDirectory.suggested(resolved.config().name()));
    try (RunDirectory directory = RunDirectory.create(target, resolved.text())) {
      return train(run, resolved, directory);
    }
  }

  private PreparedRun prepare(ResolvedRecipe resolved, String source) {
    try {
      return PreparedRun.of(resolved.config(), dataHome());
    } catch (InvalidConfigException e) {
      throw new RecipeLoader().located(e, source, overrides.values());
    }
  }

  private DataHome dataHome() {
    return DownloadProgress.dataHome(EspalierHome.create(), spec.commandLine().getErr());
  }

  private int train(PreparedRun run, ResolvedRecipe resolved, RunDirectory directory)
      throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    RunDescription.print(console, run, directory.path());
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
      ProgressPrinter progress =
          ProgressPrinter.of(
              console,
              spec.usageMessage().width(),
              new Progress(
                  run.plan().totalSteps(),
                  session.startedAtStep(),
                  CutEvents.budget(run.config().prune().granularity()),
                  session.startedAtSparsity(),
                  System.nanoTime()));
      shown = Optional.of(progress);
      feed.start(progress);
      Interrupts interrupts = Interrupts.onFirst(signal -> stop(session, progress));
      try {
        RunResult result = session.await();
        feed.close();
        return report(result, progress, session, directory);
      } finally {
        interrupts.restore();
      }
    }
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
    session.stop();
  }

  private int report(
      RunResult result, ProgressPrinter progress, RunSession session, RunDirectory directory)
      throws IOException {
    progress.finish();
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (result instanceof RunResult.Finished finished) {
      RunDescription.printResult(console, finished.run());
      session
          .telemetry()
          .brokerAddress()
          .filter(address -> finished.leftToShip().isEmpty())
          .ifPresent(address -> console.println("events    all shipped to Kafka at " + address));
      if (compared.isPresent()) {
        RunReport.of(directory.path()).write(compared);
      }
      finished.leftToShip().ifPresent(left -> errors.println("warning: " + left));
      console.println("report    " + finished.report());
      console.flush();
      return OK;
    }
    if (result instanceof RunResult.Stopped stopped) {
      console.println(
          stopped.step() == 0
              ? "stopped before the first sync, without a checkpoint; begin anew in the same place with:"
              : "stopped at step " + stopped.step() + " with a checkpoint; go on with:");
      console.println("  espalier train --resume " + directory.path());
      console.flush();
      return INTERRUPTED;
    }
    RunResult.Failed failed = (RunResult.Failed) result;
    errors.println("run failed after step " + failed.step() + ": " + failed.cause());
    errors.println(
        directory.hasCheckpoint()
            ? "once its cause is mended, go on from the newest checkpoint with:"
            : "there is no checkpoint yet; once its cause is mended, begin anew in the same place with:");
    errors.println("  espalier train --resume " + directory.path());
    errors.flush();
    return FAILED;
  }
}
