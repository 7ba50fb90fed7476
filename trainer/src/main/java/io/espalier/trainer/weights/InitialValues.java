package io.espalier.trainer.weights;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.network.Initializer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The values that a run starts from: those of its weights file, or drawn ones. */
public final class InitialValues {
  private InitialValues() {}

  /**
   * Row-major values of every parameter, in network order.
   *
   * @throws InvalidConfigException listing all in which the file and the network differ
   */
  public static List<float[]> of(RunConfig config, Network network) {
    return config
        .model()
        .weights()
        .map(weights -> StoredWeights.read(weights).valuesOf(network, config.seed()))
        .orElseGet(() -> drawn(network, config.seed()));
  }

  /**
   * Reads the weights file, if there is one, to see that a run can start from it.
   *
   * @throws InvalidConfigException listing all in which the file and the network differ
   */
  public static void verify(RunConfig config, Network network) {
    config
        .model()
        .weights()
        .ifPresent(weights -> StoredWeights.read(weights).valuesOf(network, config.seed()));
  }

  /**
   * The recipe with the digest of its weights file, so that it names the values and not only where
   * they were; the same recipe if it has no such file, or names the digest itself.
   *
   * @throws InvalidConfigException if the file cannot be read
   */
  public static ResolvedRecipe pinned(ResolvedRecipe recipe) {
    Optional<WeightsConfig> weights =
        recipe.config().model().weights().filter(present -> present.sha256().isEmpty());
    return weights
        .map(StoredWeights::digest)
        .map(digest -> List.of("model.weights.sha256=" + digest))
        .map(override -> new RecipeLoader().parse("recipe.conf", recipe.text(), override))
        .orElse(recipe);
  }

  private static List<float[]> drawn(Network network, long seed) {
    List<ParameterSpec> parameters = network.parameters();
    return IntStream.range(0, parameters.size())
        .mapToObj(i -> Initializer.initial(parameters.get(i), seed, i))
        .toList();
  }
}
