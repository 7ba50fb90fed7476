package io.espalier.trainer.network;

import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.List;

/** Collects the layers of a network; each reads the one added before it by default. */
final class LayerList {
  private final List<GraphNode> nodes = new ArrayList<>();
  private String last = Network.INPUT;

  String last() {
    return last;
  }

  LayerList add(String name, Layer layer) {
    return add(name, layer, last);
  }

  LayerList add(String name, Layer layer, String... from) {
    nodes.add(new GraphNode(name, layer, List.of(from)));
    last = name;
    return this;
  }

  LayerList relu(String name) {
    return add(name, new Activation(Layer.Function.RELU));
  }

  LayerList norm(String name) {
    return add(name, new BatchNorm(Layer.EPSILON));
  }

  List<GraphNode> classify(int classes) {
    return add("output", new Linear(classes, true)).nodes;
  }
}
