package io.espalier.trainer.executor.sparse;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.sparse.SparseGraph;
import io.espalier.trainer.sparse.SparseLayer;
import io.espalier.trainer.sparse.SparseShape;

/** Networks as sparse execution knows them, with the same names of nodes and parameters. */
public final class SparseGraphs {
  private SparseGraphs() {}

  /**
   * Translates a network layer by layer.
   *
   * @throws InvalidConfigException if one of its layers is computed by the engine only
   */
  public static SparseGraph of(Network network) {
    return new SparseGraph(
        new SparseShape(
            network.input().channels(), network.input().height(), network.input().width()),
        network.nodes().stream()
            .map(node -> new SparseGraph.Node(node.name(), layer(node), node.inputs()))
            .toList());
  }

  private static SparseLayer layer(GraphNode node) {
    return node.layer()
        .sparse()
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "train.execution",
                    "must be engine for a network with this layer, because only the engine computes it: execution=sparse, node=%s, layer=%s; leave train.execution away"
                        .formatted(node.name(), node.layer())));
  }
}
