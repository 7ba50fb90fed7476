package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A shape with a height and a width, which are 1 for a vector; the height of a sequence is 1. */
record Cells(int channels, int height, int width) {
  static Cells vector(int features) {
    return new Cells(features, 1, 1);
  }

  static Cells of(TensorShape shape) {
    List<Integer> lengths = shape.dimensions();
    return switch (lengths.size()) {
      case 1 -> vector(lengths.get(0));
      case 2 -> new Cells(lengths.get(0), 1, lengths.get(1));
      default -> new Cells(lengths.get(0), lengths.get(1), lengths.get(2));
    };
  }

  /** Those of the input and of all nodes, by name. */
  static Map<String, Cells> of(Network network) {
    Map<String, Cells> all = new HashMap<>();
    all.put(Network.INPUT, of(network.shapeOf(Network.INPUT)));
    for (GraphNode node : network.nodes()) {
      all.put(node.name(), of(network.shapeOf(node.name())));
    }
    return all;
  }

  boolean isVector() {
    return height == 1 && width == 1;
  }

  int size() {
    return channels * height * width;
  }
}
