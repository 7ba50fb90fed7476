package io.espalier.trainer.network.group;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A norm right behind a layer that reads channels.
 *
 * @param reader weight of that layer, {@code [outputs, channels, …]}
 * @param scale of the norm, {@code [outputs]}
 */
public record ScaledNorm(ParameterId reader, ParameterId scale) {

  /** Those of a network, in graph order; layers that act on each channel by itself read none. */
  public static List<ScaledNorm> of(Network network) {
    Map<String, GraphNode> readers = new HashMap<>();
    List<ScaledNorm> norms = new ArrayList<>();
    for (GraphNode node : network.nodes()) {
      if (readsChannels(node, network)) {
        readers.put(node.name(), node);
      } else if (isNorm(node.layer()) && readers.containsKey(node.inputs().get(0))) {
        GraphNode reader = Objects.requireNonNull(readers.get(node.inputs().get(0)));
        norms.add(new ScaledNorm(first(reader, network), first(node, network)));
      }
    }
    return norms;
  }

  private static boolean isNorm(Layer layer) {
    return layer instanceof Layer.BatchNorm || layer instanceof Layer.GroupNorm;
  }

  private static boolean readsChannels(GraphNode node, Network network) {
    return node.layer() instanceof Layer.Linear
        || (node.layer() instanceof Layer.Convolution convolution
            && (convolution.groups() == 1
                || convolution.groups() < network.extent(node.inputs().get(0)).channels()));
  }

  private static ParameterId first(GraphNode node, Network network) {
    return network.parametersOf(node).get(0).id();
  }
}
