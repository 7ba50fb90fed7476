package io.espalier.trainer.network;

import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.List;

/** Collects the layers of a network; each reads the one added before it by default. */
public final class LayerList {
  private final List<GraphNode> nodes = new ArrayList<>();
  private String last = Network.INPUT;

  public String last() {
    return last;
  }

  public LayerList add(String name, Layer layer) {
    return add(name, layer, last);
  }

  public LayerList add(String name, Layer layer, String... from) {
    nodes.add(new GraphNode(name, layer, List.of(from)));
    last = name;
    return this;
  }

  public LayerList relu(String name) {
    return add(name, new Activation(Activation.Function.RELU));
  }

  public LayerList norm(String name) {
    return add(name, new BatchNorm(Layer.EPSILON));
  }

  public List<GraphNode> classify(int classes) {
    return add("output", new Linear(classes, true)).nodes;
  }
}
