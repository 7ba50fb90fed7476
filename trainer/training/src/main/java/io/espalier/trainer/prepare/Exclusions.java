package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The weights of a network, and those that a glob of the recipe protects. */
record Exclusions(List<ParameterShape> weights, Set<ParameterId> excluded) {

  static Exclusions of(RunConfig config, List<ParameterSpec> parameters) {
    ParameterGlobs globs =
        ParameterGlobs.of("prune.exclude", config.prune().target().exclude(), parameters);
    List<ParameterShape> weights =
        parameters.stream()
            .filter(parameter -> parameter.role() == Role.WEIGHT)
            .map(ParameterSpec::shape)
            .toList();
    return new Exclusions(
        weights,
        weights.stream()
            .map(ParameterShape::id)
            .filter(globs::match)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Weights with a mask. With channels, an excluded weight loses inputs, so it has one too. */
  List<ParameterShape> prunable(RunConfig config) {
    boolean channels = config.prune().granularity() instanceof GranularityConfig.Channel;
    List<ParameterShape> prunable =
        weights.stream().filter(shape -> channels || !excluded.contains(shape.id())).toList();
    if (prunable.isEmpty() && config.prune().target().sparsity() > 0) {
      throw InvalidConfigException.of(
          "prune.exclude",
          "must leave at least one prunable parameter: exclude="
              + config.prune().target().exclude());
    }
    return prunable;
  }
}
