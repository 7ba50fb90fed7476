package io.espalier.configs.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The recipes that ship with Espalier, by name. Thread-safe. */
public final class Recipes {
  public static final String EXTENSION = ".conf";
  private static final String FOLDER = "/io/espalier/configs/recipes/";
  private static final List<String> NAMES =
      List.of(
          "quickstart",
          "digits",
          "dense",
          "random",
          "snip",
          "grasp",
          "synflow",
          "set",
          "rigl",
          "one-shot",
          "gradual",
          "lamp",
          "knapsack-weights",
          "taylor",
          "fisher",
          "wanda",
          "owl",
          "two-of-four",
          "refit",
          "sparsegpt",
          "soft",
          "dynamic-feedback",
          "annealed",
          "annealed-random",
          "fine-tune",
          "distill",
          "movement",
          "soft-threshold",
          "lenet-5",
          "resnet-20",
          "mobilenet",
          "tiny-vit",
          "tiny-vit-heads",
          "char-lm",
          "char-lm-dense",
          "char-lm-cfsp",
          "char-lm-reconstruct",
          "char-lm-one-block",
          "char-lm-two-blocks",
          "text-classifier",
          "text-classifier-dense",
          "text-classifier-heads",
          "lenet-5-channels",
          "resnet-20-channels",
          "channel-taylor",
          "variance",
          "group-lasso",
          "smcp",
          "stream",
          "fed-digits",
          "fed-fashion",
          "fedavg",
          "fedtiny");

  private Recipes() {}

  /** Names in the order in which a newcomer would read them. */
  public static List<String> names() {
    return NAMES;
  }

  /** The text of a shipped recipe, comments included; empty for any other name. */
  public static Optional<String> text(String name) {
    return NAMES.contains(name)
        ? Optional.of(resource(FOLDER + name + EXTENSION))
        : Optional.empty();
  }

  /** What a shipped recipe does, from its first comment line; empty for any other name. */
  public static Optional<String> summary(String name) {
    return text(name).flatMap(text -> text.lines().findFirst()).map(line -> line.substring(2));
  }

  static String resource(String path) {
    try (InputStream stream = Recipes.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("class path must hold the resource: path=" + path);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
