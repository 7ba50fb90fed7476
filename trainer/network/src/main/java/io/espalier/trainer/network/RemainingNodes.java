package io.espalier.trainer.network;

import io.espalier.masks.Layout;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a network that are left where parameters are gone. A layer without its parameters
 * gives 0, and so does what reads nothing else; a sum does without such inputs, and of one input it
 * is that input.
 */
final class RemainingNodes {
  private final Map<String, String> sources = new HashMap<>();
  private final Set<String> zeros = new HashSet<>();
  private final List<GraphNode> left = new ArrayList<>();

  private RemainingNodes() {}

  /** All nodes where no parameter is gone. */
  static List<GraphNode> of(Network network, Layout layout) {
    if (layout.gone().isEmpty()) {
      return network.nodes();
    }
    RemainingNodes remaining = new RemainingNodes();
    for (GraphNode node : network.nodes()) {
      boolean isGone =
          network.parametersOf(node).stream().anyMatch(spec -> layout.shape(spec.id()).isEmpty());
      remaining.add(node, isGone);
    }
    return remaining.read(network.nodes().get(network.nodes().size() - 1).name());
  }

  private void add(GraphNode node, boolean isGone) {
    List<String> inputs =
        node.inputs().stream()
            .filter(from -> !zeros.contains(from))
            .map(from -> sources.getOrDefault(from, from))
            .toList();
    boolean isSum = node.layer() instanceof Add;
    if (isGone || inputs.isEmpty() || (!isSum && inputs.size() < node.inputs().size())) {
      zeros.add(node.name());
    } else if (isSum && inputs.size() == 1) {
      sources.put(node.name(), inputs.get(0));
    } else {
      left.add(new GraphNode(node.name(), node.layer(), inputs));
    }
  }

  /** The nodes that the output is computed from, which ends with them. */
  private List<GraphNode> read(String output) {
    Set<String> needed = new HashSet<>(Set.of(sources.getOrDefault(output, output)));
    List<GraphNode> nodes = new ArrayList<>();
    for (int i = left.size() - 1; i >= 0; i--) {
      if (needed.contains(left.get(i).name())) {
        needed.addAll(left.get(i).inputs());
        nodes.add(0, left.get(i));
      }
    }
    return nodes;
  }
}
