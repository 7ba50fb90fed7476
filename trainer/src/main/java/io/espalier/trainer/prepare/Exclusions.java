package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The weights of a network, and those that a glob of the recipe protects. */
record Exclusions(List<ParameterShape> weights, Set<ParameterId> excluded) {

  static Exclusions of(RunConfig config, List<ParameterSpec> parameters) {
    List<PathMatcher> globs =
        config.prune().exclude().stream().map(glob -> matcher(glob, parameters)).toList();
    List<ParameterShape> weights =
        parameters.stream()
            .filter(parameter -> parameter.role() == Role.WEIGHT)
            .map(ParameterSpec::shape)
            .toList();
    return new Exclusions(
        weights,
        weights.stream()
            .filter(shape -> globs.stream().anyMatch(glob -> matches(glob, shape)))
            .map(ParameterShape::id)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Weights with a mask. With channels, an excluded weight loses inputs, so it has one too. */
  List<ParameterShape> prunable(RunConfig config) {
    boolean channels = config.prune().granularity() instanceof GranularityConfig.Channel;
    List<ParameterShape> prunable =
        weights.stream().filter(shape -> channels || !excluded.contains(shape.id())).toList();
    if (prunable.isEmpty() && config.prune().sparsity() > 0) {
      throw InvalidConfigException.of(
          "prune.exclude",
          "must leave at least one prunable parameter: exclude=" + config.prune().exclude());
    }
    return prunable;
  }

  private static PathMatcher matcher(String glob, List<ParameterSpec> parameters) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    if (parameters.stream().noneMatch(parameter -> matches(matcher, parameter.shape()))) {
      throw InvalidConfigException.of(
          "prune.exclude",
          "each glob must match a parameter: glob="
              + glob
              + "; parameters are "
              + String.join(
                  ", ", parameters.stream().map(each -> each.shape().id().name()).toList()));
    }
    return matcher;
  }

  private static boolean matches(PathMatcher matcher, ParameterShape shape) {
    return matcher.matches(Path.of(shape.id().name()));
  }
}
