package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState.Norm;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;
import java.util.Optional;

/** The parameters that go with the weight of a layer. */
public record LayerCompanions(Network network) {
  /** The bias of the weight's layer; empty if it has none. */
  public Optional<ParameterId> bias(ParameterId weight) {
    return parameter(network.parametersOf(node(weight)), Role.BIAS);
  }

  /** The batch norm that alone reads what the weight's layer gives; empty if there is none. */
  public Optional<Norm> norm(ParameterId weight) {
    String name = node(weight).name();
    List<GraphNode> readers =
        network.nodes().stream().filter(each -> each.inputs().contains(name)).toList();
    if (readers.size() != 1) {
      return Optional.empty();
    }
    List<ParameterSpec> parameters = network.parametersOf(readers.get(0));
    return parameter(parameters, Role.RUNNING_MEAN)
        .flatMap(
            mean ->
                parameter(parameters, Role.RUNNING_VARIANCE)
                    .map(variance -> new Norm(mean, variance)));
  }

  private GraphNode node(ParameterId weight) {
    return network.nodes().stream()
        .filter(
            node -> network.parametersOf(node).stream().anyMatch(each -> each.id().equals(weight)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("the network must have the parameter: id=" + weight));
  }

  private static Optional<ParameterId> parameter(List<ParameterSpec> parameters, Role role) {
    return parameters.stream()
        .filter(each -> each.role() == role)
        .map(ParameterSpec::id)
        .findFirst();
  }
}
