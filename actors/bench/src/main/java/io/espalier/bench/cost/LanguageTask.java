package io.espalier.bench.cost;

import io.espalier.configs.LossConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A dense language model's training, which PyTorch can do too. */
record LanguageTask(ResolvedRecipe recipe, PreparedRun run) {
  LanguageTask {
    TrainConfig train = run.config().train();
    boolean known =
        run.dataset().metric().charactersPerToken().isPresent()
            && train.loss().objective().equals(LossConfig.CROSS_ENTROPY)
            && train.loss().labelSmoothing() == 0
            && train.step().optimizer() instanceof OptimizerConfig.AdamW
            && train.step().rules().isEmpty()
            && train.step().freeze().isEmpty()
            && run.plan().finalKept() == run.plan().prunable();
    if (!known) {
      throw new CommandRefusedException(
          "a recipe beside PyTorch must learn the next token of a text, dense, with adamw and plain cross-entropy: recipe=%s; choose another --recipe, or other settings"
              .formatted(run.config().name()));
    }
  }

  /** A recipe with one trainer, which is not evaluated before its end. */
  static LanguageTask of(String name, List<String> overrides, long seed, DataHome home) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(
        List.of(
            "seed=" + seed, "train.trainers=1", "train.threads=1", "train.evaluate-every=none"));
    ResolvedRecipe recipe = new RecipeLoader().load(name, all);
    return new LanguageTask(recipe, PreparedRun.of(recipe.config(), home));
  }

  long seed() {
    return run.config().seed();
  }

  int steps() {
    return Math.toIntExact(run.plan().totalSteps());
  }

  /** Starts the training in a process that answers as {@link LanguageWorker} does. */
  TimedProcess start(Path directory) throws IOException {
    Path file = directory.resolve("recipe.conf");
    AtomicFile.write(file, out -> out.write(recipe.text().getBytes(StandardCharsets.UTF_8)));
    return TimedProcess.start(LanguageWorker.class, List.of(file.toString()));
  }

  /** Starts the same training in PyTorch. */
  TimedProcess start(TorchPython python, Path directory) throws IOException {
    Path file = directory.resolve("task.safetensors");
    LanguageTaskFile.write(file, run);
    return python.start("torch_language.py", file.toString());
  }
}
