package io.espalier.cli.console;

import io.espalier.configs.recipe.RecipeReference;
import io.espalier.configs.recipe.Recipes;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Words that the completion script offers, read once a script is made. */
public final class Candidates {
  private Candidates() {}

  /** Names of shipped recipes. */
  public static final class RecipeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Recipes.names().iterator();
    }
  }

  /** Keys of recipes, which {@code -D} sets, each with the sign that its value follows. */
  public static final class Assignments implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      RecipeReference reference = RecipeReference.installed();
      return Stream.concat(
              reference.keys().stream().map(RecipeReference.Key::path),
              reference.families().keySet().stream().map(path -> path + ".kind"))
          .filter(path -> !path.contains("[]"))
          .distinct()
          .sorted()
          .map(path -> path + "=")
          .iterator();
    }
  }

  /** Families of choices, by the keys that choose. */
  public static final class Families implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return RecipeReference.installed().families().keySet().stream()
          .map(path -> path.replace("[]", ""))
          .sorted()
          .iterator();
    }
  }

  /** Forms of exported networks. */
  public static final class ExportFormats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("sparse", "safetensors", "onnx").iterator();
    }
  }

  /** Forms of predictions. */
  public static final class PredictionFormats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("csv", "json").iterator();
    }
  }
}
