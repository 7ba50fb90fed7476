package io.espalier.trainer.sparse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network without values: layers in topological order; the last is the output, a vector of
 * logits, or one at each position of a sequence.
 */
public record SparseGraph(SparseShape input, List<Node> nodes) {
  /** The name by which nodes read the examples. */
  public static final String INPUT = "input";

  /** A layer and the earlier nodes that it reads. */
  public record Node(String name, SparseLayer layer, List<String> inputs) {
    public Node {
      inputs = List.copyOf(inputs);
      if (!layer.takes(inputs.size())) {
        throw new IllegalArgumentException(
            "a node must have as many inputs as its layer takes: node=%s, layer=%s, inputs=%s"
                .formatted(name, layer, inputs));
      }
    }

    public Node(String name, SparseLayer layer, String input) {
      this(name, layer, List.of(input));
    }
  }

  public SparseGraph {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a network must have a node: nodes=0");
    }
  }

  /** Shapes of the input and of all nodes, by name. */
  Map<String, SparseShape> shapes() {
    Map<String, SparseShape> shapes = new HashMap<>(Map.of(INPUT, input));
    for (Node node : nodes) {
      for (String name : node.inputs()) {
        if (!shapes.containsKey(name)) {
          throw new IllegalArgumentException(
              "a node must read earlier nodes: node=%s, input=%s".formatted(node.name(), name));
        }
      }
      SparseShape output = node.layer().outputOf(node.inputs().stream().map(shapes::get).toList());
      if (shapes.put(node.name(), output) != null) {
        throw new IllegalArgumentException("a node's name must be its own: name=" + node.name());
      }
    }
    return shapes;
  }
}
