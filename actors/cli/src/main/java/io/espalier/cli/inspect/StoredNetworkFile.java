package io.espalier.cli.inspect;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

final class StoredNetworkFile {
  private StoredNetworkFile() {}

  /** Throws {@code MalformedFileException} if the file is no model, or a broken one. */
  static LoadedModel load(Path file) throws IOException {
    StoredModel stored = ModelFile.read(file);
    return stored.load(config(stored, List.of()));
  }

  static RunConfig config(StoredModel stored, List<String> overrides) {
    return new RecipeLoader()
        .ofNetwork(stored.path() + " (recipe)", stored.description().origin().recipe(), overrides)
        .config();
  }
}
