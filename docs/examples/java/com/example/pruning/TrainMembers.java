package com.example.pruning;

import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** A short run without members of one's own but the data, and one with each of the others. */
public final class TrainMembers {
  private static final String RECIPE =
      """
      name  = "members"
      data  { kind = two-moons, examples = 600, noise = 0.2, batch-size = 32 }
      model { kind = mlp, hidden = [32, 16] }
      train { epochs = 8, learning-rate { kind = cosine, initial = 0.1 } }
      prune { sparsity = 60%, schedule { kind = cubic, updates = 10 } }
      """;

  /** A score on activations with its observer, a mask kind with its score, an objective, a rule. */
  private static final List<String> MEMBERS =
      List.of(
          "prune.score = active-inputs",
          "prune.score = learned",
          "train.objective { kind = focal, gamma = 2 }",
          "train.rules = [{ kind = max-norm, limit = 1 }]");

  private TrainMembers() {}

  public static void main(String[] arguments) {
    train(EspalierHome.path(), System.out);
  }

  /** Throws unless each member changes what the run without it learns. */
  static void train(Path home, PrintStream out) {
    Committed without = train("", home, out);
    for (String member : MEMBERS) {
      if (train(member, home, out).digest().equals(without.digest())) {
        throw new IllegalStateException("a member must change the run that names it: " + member);
      }
    }
  }

  private static Committed train(String member, Path home, PrintStream out) {
    ResolvedRecipe recipe = new RecipeLoader().parse("members", RECIPE + member, List.of());
    FinishedRun finished =
        TrainingLoop.run(PreparedRun.of(recipe.config(), DataHome.of(home)), LoopListener.NONE);
    MaskSet masks = finished.committed().masks().masks();
    out.printf(
        "accuracy %.4f, %d of %d weights kept: %s%n",
        finished.test().accuracy(),
        masks.kept(),
        masks.total(),
        member.isEmpty() ? "no member of one's own" : member);
    return finished.committed();
  }
}
