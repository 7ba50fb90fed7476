package io.espalier.bench.accuracy;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The process of one run, which trains an epoch for each line that it reads, and answers {@link
 * #TURN}, or {@link #RESULT} and its outcome as JSON. In between it waits, so that others of its
 * kind can train at the same speed of the machine.
 */
final class ShrinkWorker implements LoopListener {
  static final String TURN = "turn";
  static final String RESULT = "result ";
  static final String RECIPE = "recipe.conf";
  static final String MODEL = "model.safetensors";

  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Path directory;
  private final ResolvedRecipe recipe;
  private final PreparedRun run;
  private final Checkpoints checkpoints;
  private final Optional<Checkpoint> start;
  private final TurnLog log;
  private final TurnLog.Clock clock = new TurnLog.Clock();

  private ShrinkWorker(Path directory) throws IOException {
    this.directory = directory;
    this.recipe = new RecipeLoader().load(directory.resolve(RECIPE).toString(), List.of());
    this.run = PreparedRun.of(recipe.config(), DataHome.of(EspalierHome.path()));
    this.checkpoints =
        Checkpoints.in(directory.resolve("checkpoints"), run, recipe.text(), 1, RunEpoch.locked(1));
    this.start = checkpoints.latest(System.err::println);
    this.log = TurnLog.upTo(startStep(), directory);
  }

  private long startStep() {
    return start.map(each -> each.committed().step()).orElse(0L);
  }

  /** Argument: the run's directory, with its recipe. */
  public static void main(String[] arguments) throws IOException {
    NativeExit.install();
    new ShrinkWorker(Path.of(arguments[0])).train();
    System.exit(0);
  }

  private void train() throws IOException {
    awaitTurn();
    FinishedRun finished =
        start
            .map(from -> TrainingLoop.resume(run, from.committed(), from.traffic(), this))
            .orElseGet(() -> TrainingLoop.run(run, this));
    log.add(clock.stop(run.plan().totalSteps()));
    Committed committed = finished.committed();
    Path model = directory.resolve(MODEL);
    ModelFile.write(model, committed.run(), committed, recipe.text());
    out.println(
        RESULT
            + JsonOutput.line(
                ShrinkResult.Outcome.of(
                    log.turns(), finished, Files.size(model), sparseBytes(model))));
  }

  private long sparseBytes(Path model) throws IOException {
    Path file = directory.resolve("sparse.safetensors");
    Safetensors packed = SparseFile.packed(model, Safetensors.read(model));
    Safetensors.write(file, packed.tensors(), packed.metadata());
    return Files.size(file);
  }

  private void awaitTurn() {
    try {
      if (in.readLine() == null) {
        System.exit(1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    clock.start();
  }

  @Override
  public void stepped(int trainer, StepOutcome outcome) {
    clock.stepped(trainer, outcome);
  }

  @Override
  public void synced(SyncOutcome outcome) {
    clock.synced(outcome);
  }

  @Override
  public void committed(SyncOutcome outcome, Traffic traffic) {
    clock.committed(outcome, traffic);
    long step = outcome.commit().step();
    // A step has further commits where an update is measured for, or norms are recalibrated.
    boolean completes = outcome.commit().next() == Commit.Next.TRAIN;
    if (!completes || step == startStep() || !run.plan().checkpointDue(step)) {
      return;
    }
    try {
      log.add(clock.stop(step));
      checkpoints.write(outcome.committed(), traffic, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(TURN);
    awaitTurn();
  }
}
