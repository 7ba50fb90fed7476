package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.NamePattern;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkImport;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.stored.StoredTeacher;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;

public final class InitialValues {
  private InitialValues() {}

  /** Row-major values of every parameter, in network order, in arrays of their own. */
  public static List<float[]> of(RunConfig config, Network network) {
    return of(config, network, notice -> {});
  }

  private static List<float[]> of(RunConfig config, Network network, Consumer<String> noticed) {
    return config
        .model()
        .weights()
        .map(
            weights ->
                StoredWeights.read(weights).valuesOf(network, InitialDraw.of(config), noticed))
        .orElseGet(() -> own(config, network));
  }

  /**
   * Checks that a run can start from its weights file, or from what a user's initializer draws.
   *
   * @param noticed receives sentences about what is not read
   * @throws InvalidConfigException if it cannot
   */
  public static void verify(RunConfig config, Network network, Consumer<String> noticed) {
    boolean drawsSome =
        config.model().architecture() instanceof ModelConfig.Onnx onnx && !onnx.draw().isEmpty();
    if (config.model().weights().isPresent() || drawsSome || InitialDraw.of(config).isCustom()) {
      Objects.requireNonNull(of(config, network, noticed));
    }
  }

  /** Adds the digests of weights, ONNX files and teachers to the recipe. */
  public static ResolvedRecipe pinned(ResolvedRecipe recipe) {
    ModelConfig model = recipe.config().model();
    List<String> digests = new ArrayList<>();
    model
        .weights()
        .filter(weights -> weights.sha256().isEmpty())
        .ifPresent(weights -> digests.add("model.weights.sha256=" + StoredWeights.digest(weights)));
    if (model.architecture() instanceof ModelConfig.Onnx onnx && onnx.sha256().isEmpty()) {
      digests.add("model.sha256=" + NetworkImport.ofOnnx().digest(onnx));
    }
    Objectives.unpinnedTeacher(recipe.config().train().loss().objective())
        .ifPresent(
            file ->
                digests.add(
                    "train.objective.sha256="
                        + StoredTeacher.digest("train.objective.teacher", file)));
    return digests.isEmpty()
        ? recipe
        : new RecipeLoader().parse("recipe.conf", recipe.text(), digests).noting(recipe.notices());
  }

  private static List<float[]> own(RunConfig config, Network network) {
    if (!(config.model().architecture() instanceof ModelConfig.Onnx onnx)) {
      return drawn(network, InitialDraw.of(config));
    }
    ImportedNetwork imported =
        NetworkImport.ofOnnx().read(onnx, network.input(), network.outputs(), OptionalInt.empty());
    if (!imported.network().parameters().equals(network.parameters())) {
      throw InvalidConfigException.of(
          "model.file", "must stay as it is until the run has started: file=" + onnx.file());
    }
    List<NamePattern> draw = NamePattern.all(onnx.draw());
    requireMatches(draw, network.parameters());
    List<float[]> values = imported.values();
    return valuesOf(
        network,
        (parameter, i) ->
            !imported.has(parameter.id()) || NamePattern.anyMatches(draw, parameter.id().name())
                ? InitialDraw.of(config).values(parameter, i)
                : values.get(i));
  }

  private static void requireMatches(List<NamePattern> draw, List<ParameterSpec> parameters) {
    for (NamePattern pattern : draw) {
      if (parameters.stream().noneMatch(each -> pattern.matches(each.id().name()))) {
        throw InvalidConfigException.of(
            "model.draw",
            "must match a parameter of the network: draw=%s; espalier inspect RECIPE --groups lists them"
                .formatted(pattern.text()));
      }
    }
  }

  private static List<float[]> drawn(Network network, InitialDraw initial) {
    return valuesOf(network, initial::values);
  }

  private static List<float[]> valuesOf(
      Network network, BiFunction<ParameterSpec, Integer, float[]> values) {
    List<ParameterSpec> parameters = network.parameters();
    return IntStream.range(0, parameters.size())
        .mapToObj(i -> values.apply(parameters.get(i), i))
        .toList();
  }
}
