package com.example.pruning;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Trains and prunes a network inside a program of one's own, in the calling thread. */
public final class EmbeddedTraining {
  private static final String RECIPE =
      """
      name  = "embedded"
      data  { kind = digits, batch-size = 32, validation = 10% }
      model { kind = mlp, hidden = [64, 32] }
      train { epochs = 10, evaluate-every = 2 epochs }
      prune { sparsity = 80%, schedule { kind = cubic, updates = 10 } }
      """;

  /** Data sets are looked for below it; the bundled digits need none. */
  private static final DataHome HOME = DataHome.of(Path.of("espalier"));

  private EmbeddedTraining() {}

  public static void main(String[] arguments) throws IOException {
    Path model = Path.of("model.safetensors");
    train(model, System.out);
    System.out.printf("accuracy of the file: %.2f%n", evaluate(model).accuracy());
  }

  /** Trains to the end and writes the network. */
  static FinishedRun train(Path model, PrintStream out) throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().parse("embedded", RECIPE, List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), HOME);
    FinishedRun finished = TrainingLoop.run(run, new Console(out));
    ModelFile.write(model, run, finished.committed(), recipe.text());
    return finished;
  }

  /** Evaluates a stored network on the test set of the recipe that the file carries. */
  static EvaluationPart evaluate(Path file) throws IOException {
    StoredModel stored = ModelFile.read(file);
    String text = stored.description().origin().recipe();
    RunConfig recipe = new RecipeLoader().parse(file.toString(), text, List.of()).config();
    Dataset data = Datasets.load(recipe.data(), recipe.seed(), HOME);
    return stored.load(recipe).evaluate(data);
  }

  /** Prints what a program may want to show. */
  private record Console(PrintStream out) implements LoopListener {
    @Override
    public void synced(SyncOutcome sync) {
      sync.pruning()
          .ifPresent(
              pruning ->
                  out.printf(
                      "step %d: %d weights kept%n",
                      sync.committed().step(), pruning.planned().kept()));
    }

    @Override
    public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
      out.printf("step %d: %s accuracy %.2f%n", step, request.set(), result.accuracy());
    }
  }
}
