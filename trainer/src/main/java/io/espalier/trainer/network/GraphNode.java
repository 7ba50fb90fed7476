package io.espalier.trainer.network;

import java.util.List;

/**
 * One named layer of a network and the nodes that feed it.
 *
 * @param inputs names of earlier nodes, or {@link Network#INPUT}
 */
public record GraphNode(String name, Layer layer, List<String> inputs) {
  public GraphNode {
    inputs = List.copyOf(inputs);
    if (name.isBlank() || name.equals(Network.INPUT)) {
      throw new IllegalArgumentException(
          "a node's name must not be blank or '" + Network.INPUT + "': name='" + name + "'");
    }
    if (!layer.takes(inputs.size())) {
      throw new IllegalArgumentException(
          "a node must have as many inputs as its layer takes: node=%s, layer=%s, inputs=%s"
              .formatted(name, layer, inputs));
    }
  }
}
