package io.espalier.configs.recipe;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.configs.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Loads recipes, within bounds of their size, nesting and substitutions; all errors are reported in
 * a single {@link InvalidConfigException}. Only recipe, includes and overrides are read: no system
 * properties, environment or other configuration files. Other names are looked up among the {@link
 * io.espalier.configs.plugin.Plugin}s of the calling thread's class loader. Thread-safe.
 */
public final class RecipeLoader {
  /** Blocks that a network computes without. */
  private static final List<String> OF_TRAINING =
      List.of(
          "prune",
          "train.rules",
          "train.objective",
          "train.optimizer",
          "train.learning-rate",
          "model.initial");

  private static final String MODEL = "model";

  private static final int MOST_RESOLVED = 256 << 10;

  /**
   * Loads a recipe file, or a shipped recipe where no such file exists.
   *
   * @param overrides HOCON snippets such as {@code train.epochs=3}; the later one wins
   * @throws InvalidConfigException listing everything that is wrong
   */
  public ResolvedRecipe load(String recipe, List<String> overrides) {
    return resolve(source(recipe), overrides);
  }

  /**
   * Loads a recipe from text, which may include shipped recipes but no files; errors call it {@code
   * originName}.
   *
   * @throws InvalidConfigException listing everything that is wrong
   */
  public ResolvedRecipe parse(String originName, String text, List<String> overrides) {
    return resolve(bounds -> HoconText.text(originName, text, bounds, 0), overrides);
  }

  /**
   * Loads the resolved recipe of a run that has begun, as its directory, model file or server has
   * it. A key that its version did not know has the value that all runs had then, whatever its
   * default is now. Without overrides the text stays as it is: its digest decides whether a
   * checkpoint fits.
   *
   * @throws InvalidConfigException listing everything that is wrong
   */
  public ResolvedRecipe stored(String originName, String text, List<String> overrides) {
    ResolvedRecipe recipe = completed(originName, text, overrides);
    return overrides.isEmpty() ? ResolvedRecipe.of(recipe.config(), text) : recipe;
  }

  /**
   * Loads the resolved recipe of a stored network, to compute or write what it gives. Settings that
   * only training reads are left at their defaults where this class path cannot read them: a mask
   * kind or a rule of the user's own is no part of the network. A network of the user's own is one
   * without settings, as the file has its layers.
   *
   * @throws InvalidConfigException listing everything else that is wrong
   */
  public ResolvedRecipe ofNetwork(String originName, String text, List<String> overrides) {
    try {
      return stored(originName, text, overrides);
    } catch (InvalidConfigException e) {
      ConfigObject whole =
          substituted(List.of(HoconText.text(originName, text, new TextBounds(), 0)));
      Optional<String> network =
          e.problems().stream().anyMatch(each -> each.path().equals(MODEL))
              ? HoconText.at(whole, MODEL).flatMap(Family::kind).flatMap(HoconText::scalar)
              : Optional.empty();
      List<String> unread =
          OF_TRAINING.stream().filter(block -> e.problems().stream().anyMatch(in(block))).toList();
      if (!e.problems().stream()
          .allMatch(
              each ->
                  unread.stream().anyMatch(block -> in(block).test(each))
                      || (network.isPresent() && each.path().equals(MODEL)))) {
        throw e;
      }
      ConfigObject read = without(whole, unread);
      ResolvedRecipe recipe =
          resolve(
              bounds -> EarlierVersions.completed(network.isPresent() ? standIn(read) : read),
              overrides);
      return network
          .map(name -> new ModelConfig(new ModelConfig.Custom(MemberSettings.of(name))))
          .map(
              model ->
                  ResolvedRecipe.of(recipe.config().withModel(model), text)
                      .noting(recipe.notices()))
          .orElse(recipe);
    }
  }

  private static ConfigObject without(ConfigObject whole, List<String> blocks) {
    ConfigObject left = whole;
    for (String block : blocks) {
      left = left.toConfig().withoutPath(block).root();
    }
    return left;
  }

  /** The recipe with a network that every class path has. */
  private static ConfigObject standIn(ConfigObject whole) {
    return whole.withValue(MODEL, ConfigValueFactory.fromAnyRef("lenet-5"));
  }

  private static Predicate<Problem> in(String block) {
    return problem ->
        problem.path().equals(block)
            || problem.path().startsWith(block + ".")
            || problem.path().startsWith(block + "[");
  }

  /** Resolves a recipe, with a text that spells out every setting of this version. */
  public ResolvedRecipe completed(String originName, String text, List<String> overrides) {
    return resolve(
        bounds -> {
          bounds.order().addStored(originName);
          return EarlierVersions.completed(
              substituted(List.of(HoconText.text(originName, text, bounds, 0))));
        },
        overrides);
  }

  /**
   * The name in a recipe's text, even if other names in it are not installed.
   *
   * @throws InvalidConfigException if the text is no HOCON
   */
  public static Optional<String> nameIn(String text) {
    return Optional.ofNullable(HoconText.text("recipe", text).get("name"))
        .flatMap(HoconText::scalar);
  }

  /** Adds the recipe's lines to later problems; takes the arguments of {@link #load}. */
  public InvalidConfigException located(
      InvalidConfigException invalid, String recipe, List<String> overrides) {
    ConfigObject merged = merged(source(recipe), overrides, new TextBounds());
    return new InvalidConfigException(
        invalid.problems().stream().map(each -> SourceLocations.located(each, merged)).toList());
  }

  private static Function<TextBounds, ConfigObject> source(String recipe) {
    Optional<Path> file = file(recipe);
    if (file.isPresent()) {
      return bounds -> HoconText.file(file.get(), bounds, 0);
    }
    String text = Recipes.text(recipe).orElseThrow(() -> unknown(recipe));
    return bounds -> HoconText.text(recipe + Recipes.EXTENSION, text, bounds, 0);
  }

  private static ResolvedRecipe resolve(
      Function<TextBounds, ConfigObject> recipe, List<String> overrides) {
    TextBounds bounds = new TextBounds();
    ConfigObject merged = merged(recipe, overrides, bounds);
    Reading reading = Reading.of(PluginRegistry.installed(), bounds.order());
    Section root = Section.root(merged, reading);
    RunConfig config = root.build(RunReader::run);
    CombinationCheck.note(config, root, reading.problems());
    verify(reading.problems());
    ResolvedRecipe resolved = ResolvedRecipe.of(config, root.resolved()).noting(reading.notices());
    if (resolved.text().length() > MOST_RESOLVED) {
      throw InvalidConfigException.of(
          "recipe",
          "a recipe must have at most %d characters once includes and substitutions are in their places: this has %d"
              .formatted(MOST_RESOLVED, resolved.text().length()));
    }
    return resolved;
  }

  private static ConfigObject merged(
      Function<TextBounds, ConfigObject> recipe, List<String> overrides, TextBounds bounds) {
    List<Problem> problems = new ArrayList<>();
    List<Supplier<ConfigObject>> texts = new ArrayList<>(List.of(() -> recipe.apply(bounds)));
    overrides.forEach(override -> texts.add(() -> HoconText.override(override, bounds)));
    List<ConfigObject> layers = new ArrayList<>();
    for (Supplier<ConfigObject> text : texts) {
      try {
        layers.add(text.get());
      } catch (InvalidConfigException e) {
        problems.addAll(e.problems());
      }
    }
    verify(problems);
    return substituted(layers);
  }

  private static void verify(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  private static ConfigObject substituted(List<ConfigObject> layers) {
    try {
      return layers.stream()
          .reduce(Overrides::over)
          .orElseThrow()
          .toConfig()
          .resolve(ConfigResolveOptions.noSystem())
          .root();
    } catch (ConfigException e) {
      throw new InvalidConfigException(List.of(HoconText.problem(e)));
    } catch (StackOverflowError e) {
      throw TextBounds.tooDeep("recipe");
    }
  }

  private static Optional<String> denied(String recipe) {
    try {
      return FileCause.denied(Path.of(recipe));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> file(String recipe) {
    try {
      return Optional.of(Path.of(recipe)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static InvalidConfigException unknown(String recipe) {
    Optional<String> denied = denied(recipe);
    if (denied.isPresent()) {
      return new InvalidConfigException(
          List.of(
              new Problem(
                  Optional.of(recipe), "recipe", "recipe must be readable: " + denied.get())));
    }
    String suggestion = NameSuggestion.suggestion(recipe, Recipes.names());
    String message =
        "recipe must be a file or a shipped name: recipe=\"%s\"%s"
            .formatted(
                recipe,
                suggestion.isEmpty()
                    ? "; shipped: " + String.join(", ", Recipes.names())
                    : suggestion);
    return new InvalidConfigException(List.of(new Problem(Optional.empty(), "recipe", message)));
  }
}
