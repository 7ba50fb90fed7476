package io.espalier.cli.inspect;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.prepare.StartingNetwork;
import io.espalier.trainer.stream.DeclaredData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network named by a model file or a recipe; {@code facts} are in display order. */
record NamedNetwork(Map<String, Object> facts, Network network) {

  /** Reads a model file; throws if it does not name the network of its tensors. */
  public static NamedNetwork ofModel(Path file) throws IOException {
    StoredModel stored = ModelFile.read(file);
    RunConfig config =
        new RecipeLoader()
            .ofNetwork(file + " (recipe)", stored.description().origin().recipe(), List.of())
            .config();
    return of("file", file.toString(), config, stored.load(config).network());
  }

  /**
   * The network of a recipe file or shipped name; reads its data. Throws {@link
   * InvalidConfigException} if the recipe is invalid or data are missing.
   */
  public static NamedNetwork ofRecipe(String recipe, DataHome home) {
    RunConfig config = new RecipeLoader().load(recipe, List.of()).config();
    try {
      Dataset data =
          config.data().source() instanceof KafkaConfig stream
              ? DeclaredData.of(stream)
              : Datasets.load(config.data(), config.seed(), home);
      Network network = StartingNetwork.of(config.model().architecture(), data);
      return of("recipe", recipe, config, network);
    } catch (InvalidConfigException e) {
      throw new RecipeLoader().located(e, recipe, List.of());
    }
  }

  private static NamedNetwork of(String kind, String named, RunConfig config, Network network) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(kind, named);
    facts.put("model", config.model().architecture().kind());
    facts.put("input", network.input().toString());
    facts.put("classes", network.outputs());
    return new NamedNetwork(facts, network);
  }
}
