package io.espalier.training.run;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ParentConfig;
import io.espalier.configs.file.ShellWord;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.configs.recipe.ResumeOverrides;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A new run that goes on from a state of another one, with some settings changed. The other run
 * stays as it is. Settings that may change are those of {@link ResumeOverrides}.
 *
 * @param parent directory of the other run
 * @param from state of the other run; empty if it left none, so that this run starts at step 0
 */
public record RunBranch(
    Path parent, PreparedRun run, ResolvedRecipe recipe, Optional<Checkpoint> from) {
  private static final String RECIPE = "recipe.conf";

  /** The first checkpoint is no attempt's; the first attempt has term 1. */
  private static final long BEFORE_ALL_TERMS = 0;

  /**
   * How a finished run is trained on: with the masks that it ended with, at a constant rate. The
   * run's own rate, of any kind, is over: most end near 0. A rate of a user's class goes on by
   * itself.
   *
   * @param learningRate the rate; a tenth of the largest of the run if empty
   */
  public record Extension(int epochs, Optional<Double> learningRate) {
    private static final double SLOWER = 10;

    /**
     * The overrides of the user between those of the extension: they may choose another rate. The
     * new epochs count from those that the run has taken, which may have ended early.
     */
    List<String> around(List<String> users, ResolvedRecipe recipe, long taken) {
      List<String> all = new ArrayList<>();
      learningRate
          .or(() -> ResumeOverrides.rate(recipe).map(rate -> rate.getValue() / SLOWER))
          .ifPresent(
              rate ->
                  all.add("train.learning-rate={kind=constant,initial=" + rate + ",warm-up=0}"));
      all.addAll(users);
      all.add(
          "train.epochs=" + (Math.min(taken, recipe.config().train().clock().epochs()) + epochs));
      return all;
    }
  }

  /**
   * Goes on from the newest checkpoint of an unfinished run.
   *
   * @param overrides HOCON snippets of the settings to change
   * @throws InvalidConfigException if they change nothing, or what must stay
   */
  public static RunBranch correcting(
      Path parent, List<String> overrides, DataHome data, Consumer<String> warnings)
      throws IOException {
    try (RunDirectory directory = RunDirectory.resume(parent)) {
      ResolvedRecipe before = stored(directory);
      PreparedRun run = PreparedRun.toResume(before.config(), data.ofRun(parent));
      Optional<Checkpoint> from = directory.checkpointsOf(run, before.text()).latest(warnings);
      return of(directory, before, run, overrides, from, data);
    }
  }

  /**
   * Trains a finished run on.
   *
   * @throws InvalidRunDirectoryException if the run is unfinished, or an older version left no
   *     state of its end
   */
  public static RunBranch extending(
      Path parent, Extension extension, List<String> overrides, DataHome data) throws IOException {
    try (RunDirectory directory = RunDirectory.open(parent)) {
      if (!RunDirectory.isFinished(parent)) {
        throw new InvalidRunDirectoryException(
            "a run to extend must be finished: directory=%s has no summary.json; finish it with espalier train --resume %s"
                .formatted(parent, ShellWord.of(parent)));
      }
      ResolvedRecipe before = stored(directory);
      if (before.config().train().clock().samples().isPresent()) {
        throw InvalidConfigException.of(
            "train.samples",
            "must be none to extend a run, as epochs need a data set that ends: samples="
                + before.config().train().clock().samples().get());
      }
      PreparedRun run = PreparedRun.toResume(before.config(), data.ofRun(parent));
      Checkpoint from =
          directory
              .checkpointsOf(run, before.text())
              .finalState()
              .orElseThrow(
                  () ->
                      new InvalidRunDirectoryException(
                          "a run to extend must have the state of its end: directory=%s has no checkpoints/final, which this version writes; start a new run from its model.safetensors with model.weights"
                              .formatted(parent)));
      long taken = epochsOf(from.committed().step(), run.plan().stepsPerEpoch());
      List<String> all = extension.around(overrides, before, taken);
      RunBranch branch = of(directory, before, run, all, Optional.of(from), data);
      return branch.noting(rates(run, branch.run(), from.committed().step()));
    }
  }

  private RunBranch noting(String notice) {
    return new RunBranch(parent, run, recipe.noting(List.of(notice)), from);
  }

  /** A sentence on the rates before and after the step at which a run is extended. */
  private static String rates(PreparedRun before, PreparedRun after, long step) {
    return "the learning rate goes on at %s, %s; it ended at %s, %s; --learning-rate RATE or -D train.learning-rate sets another"
        .formatted(
            rounded(after.learningRate().at(step)),
            shape(after),
            rounded(before.learningRate().at(Math.max(0, step - 1))),
            shape(before));
  }

  private static String shape(PreparedRun run) {
    return run.config().train().step().learningRate().kind();
  }

  private static long epochsOf(long steps, long stepsPerEpoch) {
    return (steps + stepsPerEpoch - 1) / stepsPerEpoch;
  }

  private static RunBranch of(
      RunDirectory parent,
      ResolvedRecipe before,
      PreparedRun run,
      List<String> overrides,
      Optional<Checkpoint> from,
      DataHome data)
      throws IOException {
    ResolvedRecipe asked = recipe(parent, overrides);
    List<String> changes = ResumeOverrides.verified(recipe(parent, List.of()), asked);
    if (changes.isEmpty()) {
      throw new InvalidRunDirectoryException(
          "a new run from a checkpoint must change a setting: directory=%s, -D %s; leave -D away to go on with the run itself"
              .formatted(parent.path(), String.join(" -D ", overrides)));
    }
    List<String> all = new ArrayList<>(overrides);
    boolean longer =
        from.isPresent()
            && asked.config().train().clock().epochs() != before.config().train().clock().epochs();
    if (longer) {
      all.addAll(
          ResumeOverrides.pinned(before, run.plan().totalSteps(), run.plan().stepsPerEpoch()));
    }
    long step = from.map(checkpoint -> checkpoint.committed().step()).orElse(0L);
    all.addAll(ResumeOverrides.parent(parent.id().value(), step, changes));
    ResolvedRecipe recipe = recipe(parent, all);
    DataHome kept = data.ofRun(parent.path());
    PreparedRun prepared =
        from.isPresent()
            ? PreparedRun.toResume(recipe.config(), kept)
            : PreparedRun.of(recipe.config(), kept);
    if (from.isPresent()) {
      requireFit(run, prepared, step);
    }
    return new RunBranch(parent.path(), prepared, recipe, from);
  }

  /** With the text that the digests in its checkpoints are of. */
  private static ResolvedRecipe stored(RunDirectory directory) throws IOException {
    return new RecipeLoader()
        .stored(directory.path().resolve(RECIPE).toString(), directory.recipe(), List.of());
  }

  private static ResolvedRecipe recipe(RunDirectory directory, List<String> overrides)
      throws IOException {
    return new RecipeLoader()
        .completed(directory.path().resolve(RECIPE).toString(), directory.recipe(), overrides);
  }

  private static void requireFit(PreparedRun before, PreparedRun after, long step) {
    if (!before.stateLayout().slots().equals(after.stateLayout().slots())) {
      throw InvalidConfigException.of(
          "train.optimizer",
          "must have the moments that the checkpoint holds: run=%s, asked=%s; keep its kind, and for sgd a momentum where it had one"
              .formatted(
                  before.config().train().step().optimizer(),
                  after.config().train().step().optimizer()));
    }
    if (step >= after.plan().totalSteps()) {
      throw InvalidConfigException.of(
          "train.epochs",
          "must leave steps after the checkpoint: step=%d, steps=%d; take more epochs"
              .formatted(step, after.plan().totalSteps()));
    }
    if (!until(before, step).equals(until(after, step))) {
      throw InvalidConfigException.of(
          "train.epochs",
          "must leave the mask updates before the checkpoint as they were: step=%d, epochs=%d; keep the epochs of the run"
              .formatted(step, after.config().train().clock().epochs()));
    }
  }

  private static List<PlannedUpdate> until(PreparedRun run, long step) {
    return run.plan().updates().stream().filter(update -> update.step() <= step).toList();
  }

  /** Writes the state that the run starts from into its new directory. */
  public void seed(RunDirectory directory) throws IOException {
    if (from.isEmpty()) {
      return;
    }
    Checkpoint checkpoint = from.get();
    Committed start = checkpoint.committed().startOf(run);
    Checkpoints.in(
            directory.checkpoints(),
            run,
            recipe.text(),
            run.config().train().recovery().keepCheckpoints(),
            RunEpoch.locked(BEFORE_ALL_TERMS))
        .write(start, checkpoint.traffic(), checkpoint.trainedSeconds());
  }

  /**
   * Refuses to start a run at step 0 whose recipe says that it goes on from another one.
   *
   * @throws InvalidRunDirectoryException if that is so
   */
  static void requireStart(RunSession.Request request, Optional<Checkpoint> newest) {
    Optional<ParentConfig> parent = request.run().config().parent();
    if (newest.isEmpty() && parent.isPresent() && parent.get().step() > 0) {
      throw new InvalidRunDirectoryException(
          "a run that goes on from another one needs a checkpoint: directory=%s, parent.run=%s, parent.step=%d; make it anew with train --resume of that run, or take the block parent out of the recipe to start at step 0"
              .formatted(request.directory().path(), parent.get().run(), parent.get().step()));
    }
  }

  /**
   * A key and a value that lower the learning rate of a run to a tenth, as {@code key=value}; for a
   * rate of a user's class a constant one that the user is to choose.
   */
  public static String lowerRate(ResolvedRecipe recipe) {
    return ResumeOverrides.rate(recipe)
        .map(rate -> rate.getKey() + "=" + rounded(rate.getValue() / 10))
        .orElse("train.learning-rate={kind=constant,initial=RATE}");
  }

  private static String rounded(double rate) {
    return new BigDecimal(rate).round(new MathContext(3)).stripTrailingZeros().toString();
  }
}
