package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.List;

/** Networks for tests. */
final class Graphs {
  private static final String VECTOR = "vector";

  private Graphs() {}

  static GraphNode node(String name, Layer layer, String input) {
    return node(name, layer, List.of(input));
  }

  static GraphNode node(String name, Layer layer, List<String> inputs) {
    return new GraphNode(name, layer, inputs);
  }

  /** A network of these nodes; those that read a vector get the input flattened. */
  static Network of(Cells input, List<GraphNode> nodes) {
    ImageShape shape = new ImageShape(input.channels(), input.height(), input.width());
    if (!input.isVector()) {
      return Network.of(shape, nodes);
    }
    List<GraphNode> all = new ArrayList<>(List.of(node(VECTOR, new Flatten(), Network.INPUT)));
    for (GraphNode each : nodes) {
      List<String> from =
          each.inputs().stream().map(name -> name.equals(Network.INPUT) ? VECTOR : name).toList();
      all.add(node(each.name(), each.layer(), from));
    }
    return Network.of(shape, all);
  }
}
