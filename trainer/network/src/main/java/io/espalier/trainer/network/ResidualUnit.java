package io.espalier.trainer.network;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.network.ResidualBranches.Branch;
import java.util.List;

/**
 * Layers that a residual goes around.
 *
 * @param from the node whose output they read
 * @param to the node that adds what they give
 * @param parameters theirs, in graph order
 */
public record ResidualUnit(String from, String to, List<ParameterSpec> parameters) {
  public ResidualUnit {
    parameters = List.copyOf(parameters);
  }

  /** Its weights, in graph order. */
  public List<ParameterId> weights() {
    return parameters.stream()
        .filter(spec -> spec.role() == Role.WEIGHT)
        .map(ParameterSpec::id)
        .toList();
  }

  /** The units of a scope of whole layers, in graph order. */
  public static List<ResidualUnit> of(Network network, Scope scope) {
    return ResidualBranches.of(network, scope).stream().map(each -> of(network, each)).toList();
  }

  private static ResidualUnit of(Network network, List<Branch> branches) {
    return new ResidualUnit(
        branches.get(0).residual(),
        branches.get(branches.size() - 1).sum(),
        branches.stream()
            .flatMap(branch -> branch.layers().stream())
            .flatMap(node -> network.parametersOf(node).stream())
            .toList());
  }
}
