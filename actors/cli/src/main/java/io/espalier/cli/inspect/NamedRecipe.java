package io.espalier.cli.inspect;

import io.espalier.configs.recipe.Recipes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Distinguishes a recipe from a stored network where a user may name either. */
final class NamedRecipe {
  private static final String STORED = ".safetensors";
  private static final String ONNX = ".onnx";

  private NamedRecipe() {}

  /** Whether it is the name of a shipped recipe, or a file that is neither safetensors nor ONNX. */
  public static boolean is(String named) throws IOException {
    Path path = Path.of(named);
    return Files.isRegularFile(path)
        ? !named.endsWith(STORED) && !named.endsWith(ONNX) && !beginsWithALength(path)
        : !Files.exists(path) && Recipes.names().contains(named);
  }

  /**
   * The recipe of what is named: itself, or that of an unfinished run. What does not exist counts
   * as one, so that it is refused with the recipes that there are.
   */
  public static Optional<String> of(String named) throws IOException {
    Path path = Path.of(named);
    if (is(named) || (!Files.exists(path) && !named.endsWith(STORED))) {
      return Optional.of(named);
    }
    return Optional.of(path.resolve("recipe.conf"))
        .filter(Files::isRegularFile)
        .filter(recipe -> !Files.exists(path.resolve("model.safetensors")))
        .map(Path::toString);
  }

  private static boolean beginsWithALength(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] length = in.readNBytes(Long.BYTES);
      return length.length == Long.BYTES && length[Long.BYTES - 1] == 0;
    }
  }
}
