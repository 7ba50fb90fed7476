package io.espalier.actors.cli.bench.step;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;

/** The recipe that the step bench varies: Fashion-MNIST, batches of 128, SGD with momentum. */
final class BenchRecipe {
  private static final String TEXT =
      """
      name = step-bench, seed = 1
      data { kind = fashion-mnist, batch-size = 128 }
      train {
        epochs = 100, checkpoint-every = 100%%
        optimizer { kind = sgd, momentum = 0.9, weight-decay = 1e-4 }
        learning-rate { kind = constant, initial = 0.001 }
      }
      model = %s
      """;

  private BenchRecipe() {}

  /** A run of a network with everything else laid over it as overrides. */
  static PreparedRun of(String network, DataHome home, String... overrides) {
    return PreparedRun.of(
        new RecipeLoader()
            .parse("step bench", TEXT.formatted(network), List.of(overrides))
            .config(),
        home);
  }
}
