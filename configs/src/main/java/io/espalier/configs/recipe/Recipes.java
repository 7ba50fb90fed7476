package io.espalier.configs.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The recipes that ship with Espalier, by name. Thread-safe. */
public final class Recipes {
  public static final String EXTENSION = ".conf";
  private static final String FOLDER = "/io/espalier/configs/recipes/";
  private static final List<String> NAMES =
      List.of(
          "quickstart",
          "digits",
          "rmsprop",
          "adagrad",
          "lion",
          "lamb",
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
          "hard-concrete",
          "transport",
          "keep-logits",
          "edge-popup",
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
          "l1",
          "scale-penalty",
          "growing",
          "half-space",
          "gsm",
          "iss",
          "filter-shrinking",
          "sam",
          "adasap",
          "staged-penalty",
          "truncation",
          "widening",
          "dual-penalty",
          "smcp",
          "stream",
          "fed-digits",
          "fed-fashion",
          "fedavg",
          "fedtiny");

  private static final Pattern EARLIER_RUN =
      Pattern.compile("# +(espalier train .* --out ([\\w-]+))");

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

  /**
   * Returns the first comment line of a shipped recipe, which says what it does; empty for any
   * other name.
   */
  public static Optional<String> summary(String name) {
    return text(name).flatMap(text -> text.lines().findFirst()).map(line -> line.substring(2));
  }

  /**
   * The run that must be there before a shipped recipe can start, as its comment has it; empty for
   * a recipe that needs none, and for any other name.
   */
  public static Optional<EarlierRun> earlierRun(String name) {
    return text(name).stream()
        .flatMap(String::lines)
        .map(EARLIER_RUN::matcher)
        .filter(Matcher::matches)
        .map(line -> new EarlierRun(line.group(1), line.group(2) + "/model.safetensors"))
        .findFirst();
  }

  /** A run whose network another recipe takes: the command that trains it, and its file. */
  public record EarlierRun(String command, String file) {}

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
