package io.espalier.bench.cost;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.stream.Stream;

/**
 * The recipe of the step bench: Fashion-MNIST, batches of 128, SGD with momentum. In one thread, as
 * {@link ThreadTime} sees the calling thread alone.
 */
record BenchRecipe(String network, List<String> overrides, DataHome home) {
  private static final String TEXT =
      """
      name = step-bench, seed = 1
      data { kind = fashion-mnist, batch-size = 128 }
      train {
        epochs = 100, checkpoint-every = 100%%, threads = 1
        optimizer { kind = sgd, momentum = 0.9, weight-decay = 1e-4 }
        learning-rate { kind = constant, initial = 0.001 }
      }
      model = %s
      """;

  BenchRecipe {
    overrides = List.copyOf(overrides);
  }

  PreparedRun with(String... settings) {
    return PreparedRun.of(config(settings), home);
  }

  RunConfig config(String... settings) {
    List<String> all = Stream.concat(Stream.of(settings), overrides.stream()).toList();
    return new RecipeLoader().parse("step bench", TEXT.formatted(network), all).config();
  }
}
