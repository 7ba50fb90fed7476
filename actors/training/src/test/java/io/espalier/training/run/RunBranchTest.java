package io.espalier.training.run;

import static io.espalier.training.run.DigitsRun.digest;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.Recipes;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.configs.recipe.ResumeOverrides;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunBranch.Extension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that go on from the state of another. No broker is asked for. */
class RunBranchTest {
  private static final String NO_BROKER = "127.0.0.1:1";
  private static final int EPOCHS = 6;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "'{kind=constant,initial=0.1}', 0.1, constant",
    "'{kind=step,initial=0.1,every=1 epoch}', 0.1, step",
    "'{kind=cosine,initial=0.1,final=0.001,warm-up=3}', 0.1, cosine",
    "'{kind=one-cycle,max=0.2,div=10,final-div=100,warm-up=1 epoch}', 0.2, one-cycle"
  })
  void extend_finishedRunOfAnyRate_goesOnToTheSameBits(String rate, double largest, String kind)
      throws IOException {
    // Given
    Path parent = finished("train.learning-rate=" + rate);

    // When
    RunBranch branch = extend(parent, Optional.empty(), List.of());

    // Then
    assertThat(branch.run().config().train().step().learningRate())
        .isEqualTo(new LearningRateConfig.Constant(largest / 10));
    assertThat(branch.run().config().train().clock().epochs()).isEqualTo(4 + EPOCHS);
    assertThat(branch.recipe().notices())
        .singleElement()
        .asString()
        .startsWith(
            "the learning rate goes on at 0.0%s, constant; it ended at "
                .formatted(largest == 0.1 ? 1 : 2))
        .contains(", " + kind + "; --learning-rate RATE");
    String whole = digest(execute(branch, directory.resolve("whole"), false));
    assertThat(whole).isEqualTo(digest(execute(branch, directory.resolve("stopped"), true)));
  }

  static List<String> trainedRecipes() {
    return Recipes.names().stream()
        .filter(name -> !name.equals("stream"))
        .filter(
            name ->
                new RecipeLoader().load(name, List.of()).config().federation()
                    instanceof FederationConfig.None)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("trainedRecipes")
  void extend_anyShippedRecipe_changesNothingThatMustStay(String name) {
    RecipeLoader loader = new RecipeLoader();
    ResolvedRecipe recipe = loader.load(name, List.of());
    int epochs = recipe.config().train().clock().epochs();
    List<String> overrides =
        new Extension(EPOCHS, Optional.empty()).around(List.of(), recipe, epochs);

    ResolvedRecipe extended = loader.completed("recipe.conf", recipe.text(), overrides);

    assertThat(extended.config().train().step().learningRate())
        .isEqualTo(
            new LearningRateConfig.Constant(
                ResumeOverrides.rate(recipe).orElseThrow().getValue() / 10));
    assertThat(extended.config().train().clock().epochs()).isEqualTo(epochs + EPOCHS);
    assertThat(ResumeOverrides.verified(recipe, extended))
        .contains("train.learning-rate.kind = \"constant\"");
    assertThat(ResumeOverrides.pinned(recipe, 1_000, 100))
        .allSatisfy(
            pinned ->
                assertThat(loader.completed("recipe.conf", extended.text(), List.of(pinned)))
                    .isNotNull());
  }

  @Test
  void extend_ratesOfTheUser_goBeforeItsOwn() throws IOException {
    Path parent = finished("train.learning-rate={kind=cosine,initial=0.1}");

    assertThat(
            extend(parent, Optional.of(0.03), List.of())
                .run()
                .config()
                .train()
                .step()
                .learningRate())
        .isEqualTo(new LearningRateConfig.Constant(0.03));
    assertThat(
            extend(parent, Optional.of(0.03), List.of("train.learning-rate.kind=step"))
                .run()
                .config()
                .train()
                .step()
                .learningRate())
        .isInstanceOfSatisfying(
            LearningRateConfig.Step.class, step -> assertThat(step.initial()).isEqualTo(0.03));
  }

  @Test
  void correct_anotherKindOfRate_leavesOutTheKeysOfTheRunsOwn() throws IOException {
    Path parent = directory.resolve("parent");
    run(parent, true, "train.learning-rate={kind=cosine,initial=0.1}", "train.checkpoint-every=5");

    RunBranch branch =
        RunBranch.correcting(
            parent,
            List.of("train.learning-rate.kind=constant"),
            DataHome.of(directory),
            warning -> {});

    assertThat(branch.run().config().train().step().learningRate())
        .isEqualTo(new LearningRateConfig.Constant(0.1));
    assertThat(branch.recipe().notices())
        .singleElement()
        .asString()
        .startsWith("train.learning-rate.kind=constant leaves out final=0");
  }

  @Test
  void resume_storedRecipeWithFormerKeys_endsAtTheSameBits() throws IOException {
    // Given
    DigitsRun named =
        DigitsRun.of(
            directory,
            "train.rules=[{ kind = group-lasso, strength = 0.01, scale-by-size = false }]",
            "prune.granularity { kind = channel, min-channels = 3, round-to = 2 }",
            "train.checkpoint-every=5");
    ResolvedRecipe former =
        new RecipeLoader()
            .stored(
                "recipe.conf",
                named
                    .recipe()
                    .text()
                    .replace("scale-by-size", "sized")
                    .replace("max-ratio", "most-pruned")
                    .replace("min-channels", "least-channels")
                    .replace("round-to", "multiple"),
                List.of());
    String whole;
    try (RunDirectory at = RunDirectory.create(directory.resolve("named"), named.recipe().text())) {
      whole = digest(execute(named, at, false));
    }

    // When
    Path out = directory.resolve("former");
    try (RunDirectory at = RunDirectory.create(out, former.text())) {
      assertThat(execute(new DigitsRun(former, named.run()), at, true))
          .isInstanceOf(RunResult.Paused.class);
    }
    RunBranch corrected =
        RunBranch.correcting(
            out, List.of("train.evaluate-every=7"), DataHome.of(directory), warning -> {});

    // Then
    assertThat(corrected.recipe().text()).contains("round-to = 2").doesNotContain("multiple");
    assertThat(corrected.from()).isPresent();
    assertThat(digest(resume(out))).isEqualTo(whole);
  }

  private RunBranch extend(Path parent, Optional<Double> rate, List<String> overrides)
      throws IOException {
    return RunBranch.extending(
        parent, new Extension(EPOCHS, rate), overrides, DataHome.of(directory));
  }

  private Path finished(String override) throws IOException {
    Path parent = directory.resolve("parent");
    assertThat(run(parent, false, override)).isInstanceOf(RunResult.Finished.class);
    return parent;
  }

  private RunResult run(Path out, boolean stops, String... overrides) throws IOException {
    DigitsRun run = DigitsRun.of(directory, overrides);
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text())) {
      return execute(run, at, stops);
    }
  }

  /** Executes a branch; one that stops is resumed in its directory. */
  private RunResult execute(RunBranch branch, Path out, boolean stops) throws IOException {
    try (RunDirectory at = RunDirectory.create(out, branch.recipe().text())) {
      branch.seed(at);
      RunResult result = execute(new DigitsRun(branch.recipe(), branch.run()), at, stops);
      if (!stops) {
        return result;
      }
      assertThat(result).isInstanceOf(RunResult.Paused.class);
    }
    return resume(out);
  }

  private RunResult resume(Path out) throws IOException {
    try (RunDirectory at = RunDirectory.resume(out)) {
      ResolvedRecipe recipe = new RecipeLoader().stored("recipe.conf", at.recipe(), List.of());
      PreparedRun run = PreparedRun.toResume(recipe.config(), DataHome.of(directory).ofRun(out));
      return execute(new DigitsRun(recipe, run), at, false);
    }
  }

  private RunResult execute(DigitsRun run, RunDirectory at, boolean stops) throws IOException {
    AtomicReference<RunSession> running = new AtomicReference<>();
    try (RunSession session =
        RunSession.start(
            run.request(
                at,
                directory.resolve("home"),
                NO_BROKER,
                event -> stopAtASync(event, stops, running)))) {
      running.set(session);
      return session.await();
    }
  }

  private static void stopAtASync(Event event, boolean stops, AtomicReference<RunSession> running) {
    if (stops && event instanceof TrainingEvent.SyncCompleted && running.get() != null) {
      running.get().pause();
    }
  }
}
