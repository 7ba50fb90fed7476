package com.example;

import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

public final class PruneDigits {
  public static void main(String[] arguments) throws IOException {
    FinishedRun run = train(Path.of("model.safetensors"));
    System.out.printf("accuracy %.4f%n", run.test().accuracy());
  }

  static FinishedRun train(Path file) throws IOException {
    // README: begin
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of("prune.sparsity=0.8"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(EspalierHome.path()));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    ModelFile.write(file, run, finished.committed(), recipe.text());
    // README: end
    return finished;
  }
}
