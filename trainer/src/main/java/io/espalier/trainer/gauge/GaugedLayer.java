package io.espalier.trainer.gauge;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.Patches;
import java.util.List;

/** A layer with a prunable weight, and what of its input the weight multiplies. */
public record GaugedLayer(ParameterShape weight, Patches patches) {
  /** The layers of prunable parameters, in their order. */
  public static List<GaugedLayer> of(Network network, List<ParameterId> prunable) {
    return prunable.stream().map(id -> of(network, id)).toList();
  }

  private static GaugedLayer of(Network network, ParameterId id) {
    for (GraphNode node : network.nodes()) {
      List<ParameterSpec> parameters = network.parametersOf(node);
      if (!parameters.isEmpty() && parameters.get(0).id().equals(id)) {
        return new GaugedLayer(
            parameters.get(0).shape(),
            node.layer()
                .patches()
                .orElseThrow(() -> new IllegalStateException("a weight must have a layer: " + id)));
      }
    }
    throw new IllegalArgumentException("a parameter must be the weight of a layer: id=" + id);
  }

  public int groups() {
    return patches.groups();
  }
}
