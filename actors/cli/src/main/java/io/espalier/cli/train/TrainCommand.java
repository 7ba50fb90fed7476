package io.espalier.cli.train;

import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.Progress;
import io.espalier.cli.console.RunOptions;
import io.espalier.configs.LossConfig;
import io.espalier.configs.Metric;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.ShellWord;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.console.Interrupts;
import io.espalier.console.ProgramName;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.training.RunResult;
import io.espalier.training.run.CutEvents;
import io.espalier.training.run.RunBranch;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunReport;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "train",
    description = {
      "Trains and prunes a network, and leaves it with a report in a run directory.",
      "",
      "The progress line shows the share done, step, loss, accuracy (of recent batches, then of the"
          + " newest evaluation), sparsity actual/target (of channels: what is gone of the budget),"
          + " time left and speed.",
      "RECIPE is a file, or the name of a shipped recipe (see 'espalier recipes').",
      "--resume DIR goes on with a run that was paused or has failed, to the same bits. With -D it"
          + " goes on as a new run with other settings of train, such as a lower learning rate;"
          + " network, data and pruning stay.",
      "Ctrl-C writes a checkpoint at the next sync and ends; a second one aborts."
    },
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  private Optional<RunReport> compared = Optional.empty();
  private Optional<BrokerAccess> broker = Optional.empty();
  private final ProgressFeed feed = new ProgressFeed();

  @Mixin private RunOptions options;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Show the run in DIR, such as a dense one, beside this one in its report.")
  private Optional<Path> compare = Optional.empty();

  @Mixin private ExtensionOptions extension;

  @Mixin private ShowOptions show;

  @Override
  public Integer call() throws IOException {
    compared = compare.map(RunReport::of).map(RunReport::verified);
    broker = kafka.access();
    options.requireOne("");
    extension.check(options);
    show.check(options);
    TrainOutput output = show.output(feed::dropped);
    if (show.isRehearsal()) {
      return options.rehearse(
          config -> ExecutionDecision.requireBackEnds(PreparedRun.of(config, show.dataThatStays())),
          (run, directory) -> {
            output.rehearsed(run, directory);
            return OK;
          });
    }
    if (options.resumed().isPresent() && (extension.isGiven() || !options.overrides().isEmpty())) {
      return branch(options.resumed().get(), output);
    }
    options.check("");
    return options.run(
        config -> ExecutionDecision.requireBackEnds(PreparedRun.of(config, show.data())),
        config -> PreparedRun.toResume(config, show.data().ofRun(options.resumed().orElseThrow())),
        (run, recipe, directory) -> {
          output.planned(run, directory.path());
          return execute(run, recipe, directory, output, options.resumed().isPresent());
        });
  }

  /** Goes on from a state of another run, as a new run with a directory of its own. */
  private int branch(Path parent, TrainOutput output) throws IOException {
    RunBranch branch =
        extension.isGiven()
            ? RunBranch.extending(parent, extension.read(), options.overrides(), show.data())
            : RunBranch.correcting(parent, options.overrides(), show.data(), output::warning);
    options.notice(branch.recipe());
    try (RunDirectory directory = options.newDirectory(branch.recipe())) {
      branch.seed(directory);
      output.planned(branch.run(), directory.path());
      output.branched(branch);
      return execute(branch.run(), branch.recipe(), directory, output, false);
    }
  }

  private int execute(
      PreparedRun run,
      ResolvedRecipe resolved,
      RunDirectory directory,
      TrainOutput output,
      boolean resumes)
      throws IOException {
    try (RunSession session =
        RunSession.start(
            new RunSession.Request(
                run,
                resolved.text(),
                directory,
                EspalierHome.path(),
                broker,
                feed,
                output::notice,
                output::warning))) {
      if (resumes) {
        output.resumed(run, session.startCheckpoint(), session.startStep());
      }
      output.started(
          new Progress(
                  run.plan().totalSteps(),
                  session.startStep(),
                  CutEvents.budget(run.config().prune().granularity()),
                  session.startSparsity(),
                  System.nanoTime())
              .readBy(metric(run))
              .mayEndEarly(run.config().train().clock().stopEarly().isPresent()));
      feed.start(output);
      Interrupts interrupts =
          Interrupts.onFirst(
              signal -> {
                output.stopping();
                session.pause();
              });
      try {
        RunResult result = session.await();
        feed.close();
        if (result instanceof RunResult.Finished && compared.isPresent()) {
          RunReport.of(directory.path()).write(compared);
        }
        TrainOutput.Ending ending = ending(result, session, resolved, directory);
        output.ended(ending);
        return ending.exitCode();
      } finally {
        interrupts.restore();
      }
    } catch (FencedException e) {
      TrainOutput.Ending ending = overtaken(new RunResult.Fenced(e.by()), directory);
      output.ended(ending);
      return ending.exitCode();
    }
  }

  private static TrainOutput.Ending ending(
      RunResult result, RunSession session, ResolvedRecipe recipe, RunDirectory directory)
      throws IOException {
    if (result instanceof RunResult.Finished finished) {
      Optional<String> address =
          session.brokerAddress().filter(each -> finished.leftToShip().isEmpty());
      return new TrainOutput.Ending(result, directory, address, List.of(), OK);
    }
    if (result instanceof RunResult.Fenced fenced) {
      return overtaken(fenced, directory);
    }
    return result instanceof RunResult.Paused paused
        ? unfinished(result, directory, stopped(paused, directory), INTERRUPTED)
        : unfinished(
            result, directory, failed((RunResult.Failed) result, recipe, directory), FAILED);
  }

  private static TrainOutput.Ending overtaken(RunResult.Fenced fenced, RunDirectory directory) {
    String message =
        fenced.message(directory.path(), ProgramName.inHints("espalier train --resume"));
    return unfinished(fenced, directory, List.of("espalier: " + message), FAILED);
  }

  private static TrainOutput.Ending unfinished(
      RunResult result, RunDirectory directory, List<String> advice, int exitCode) {
    return new TrainOutput.Ending(result, directory, Optional.empty(), advice, exitCode);
  }

  private static List<String> stopped(RunResult.Paused stopped, RunDirectory directory) {
    return List.of(
        stopped.step() == 0
            ? "paused before the first sync, without a checkpoint; begin anew in the same place"
                + " with:"
            : "paused at step " + stopped.step() + " with a checkpoint; go on with:",
        resume(directory));
  }

  private static List<String> failed(
      RunResult.Failed failed, ResolvedRecipe recipe, RunDirectory directory) throws IOException {
    String first = "run failed after step " + failed.step() + ": " + failed.cause();
    boolean hasCheckpoint = directory.hasCheckpoint();
    if (failed.diverged()) {
      return List.of(
          first,
          hasCheckpoint
              ? "the same run would fail there again; go on from the newest checkpoint at a tenth"
                  + " of the learning rate, as a new run, with:"
              : "there is no checkpoint yet; begin anew at a tenth of the learning rate, as a new"
                  + " run, with:",
          resume(directory) + " -D " + RunBranch.lowerRate(recipe));
    }
    return List.of(
        first,
        hasCheckpoint
            ? "once its cause is mended, go on from the newest checkpoint with:"
            : "there is no checkpoint yet; once its cause is mended, begin anew in the same place"
                + " with:",
        resume(directory));
  }

  /** The metric of the loss: another objective's is no number of bits. */
  private static Metric metric(PreparedRun run) {
    return run.config().train().loss().objective().equals(LossConfig.CROSS_ENTROPY)
        ? run.dataset().metric()
        : Metric.ACCURACY;
  }

  private static String resume(RunDirectory directory) {
    return ProgramName.inHints("  espalier train --resume ") + ShellWord.of(directory.path());
  }
}
