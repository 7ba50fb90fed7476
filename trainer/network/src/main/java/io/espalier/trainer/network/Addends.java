package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Layers with a prunable weight whose outputs are added to each other, such as those that write one
 * residual. A sum goes on in the sums that read it, and ends at every other layer, such as an
 * activation. Grouped convolutions take no part. Immutable.
 */
public final class Addends {
  private final Network network;
  private final Collection<ParameterId> prunable;
  private final Map<String, GraphNode> nodes = new HashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();
  private final Map<ParameterId, Addend> all = new LinkedHashMap<>();
  private final Map<ParameterId, List<Addend>> sums = new HashMap<>();

  private Addends(Network network, Collection<ParameterId> prunable) {
    this.network = network;
    this.prunable = prunable;
    for (GraphNode node : network.nodes()) {
      nodes.put(node.name(), node);
      node.inputs().forEach(from -> reads.merge(from, 1, Integer::sum));
    }
    Map<String, List<Addend>> bySum = new HashMap<>();
    for (GraphNode node : network.nodes()) {
      if (node.layer() instanceof Add) {
        List<Addend> own = node.inputs().stream().flatMap(from -> addend(from).stream()).toList();
        List<Addend> whole =
            Stream.concat(
                    node.inputs().stream()
                        .flatMap(from -> bySum.getOrDefault(from, List.of()).stream()),
                    own.stream())
                .toList();
        bySum.put(node.name(), whole);
        own.forEach(
            each -> {
              all.put(each.weight().id(), each);
              sums.put(each.weight().id(), whole);
            });
      }
    }
  }

  public static Addends of(Network network, Collection<ParameterId> prunable) {
    return new Addends(network, prunable);
  }

  private Optional<Addend> addend(String name) {
    return Optional.ofNullable(nodes.get(name))
        .flatMap(
            node ->
                node.layer() instanceof BatchNorm norm
                    ? Optional.ofNullable(nodes.get(node.inputs().get(0)))
                        .filter(layer -> isReadOnce(layer.name()))
                        .flatMap(
                            layer -> addend(layer, Optional.of(norm(node, norm)), isReadOnce(name)))
                    : addend(node, Optional.empty(), isReadOnce(name)));
  }

  private Optional<Addend> addend(GraphNode layer, Optional<Addend.Norm> norm, boolean readOnce) {
    return layer
        .layer()
        .as(WeightedLayer.class)
        .map(WeightedLayer::unfold)
        .filter(unfold -> unfold.groups() == 1)
        .map(
            unfold ->
                new Addend(network.parametersOf(layer).get(0).shape(), unfold, norm, readOnce))
        .filter(addend -> prunable.contains(addend.weight().id()));
  }

  private Addend.Norm norm(GraphNode node, BatchNorm norm) {
    return new Addend.Norm(
        parameter(node, Role.NORM_SCALE), parameter(node, Role.RUNNING_VARIANCE), norm.epsilon());
  }

  private ParameterId parameter(GraphNode node, Role role) {
    return network.parametersOf(node).stream()
        .filter(spec -> spec.role() == role)
        .map(ParameterSpec::id)
        .findFirst()
        .orElseThrow();
  }

  private boolean isReadOnce(String name) {
    return Objects.equals(reads.get(name), 1);
  }

  /** The layer of a weight; empty if it is no addend. */
  public Optional<Addend> of(ParameterId weight) {
    return Optional.ofNullable(all.get(weight));
  }

  /**
   * The addends of a weight's sum whose layers come before its own, in graph order, as often as
   * they are added; none where other layers read the weight's output, too.
   */
  public List<Addend> before(ParameterId weight) {
    return of(weight).filter(Addend::isReadOnce).stream()
        .flatMap(own -> network.parameters().stream())
        .map(ParameterSpec::id)
        .takeWhile(id -> !id.equals(weight))
        .flatMap(
            id ->
                sums.getOrDefault(weight, List.of()).stream()
                    .filter(each -> each.weight().id().equals(id)))
        .toList();
  }
}
