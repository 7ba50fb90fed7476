package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.sparse.SparseGraph;
import io.espalier.trainer.sparse.SparseShape;

/** Networks as sparse execution knows them, with the same names of nodes and parameters. */
public final class SparseGraphs {
  private SparseGraphs() {}

  /** Translates a network layer by layer. */
  public static SparseGraph of(Network network) {
    return new SparseGraph(
        new SparseShape(
            network.input().channels(), network.input().height(), network.input().width()),
        network.nodes().stream()
            .map(node -> new SparseGraph.Node(node.name(), node.layer().sparse(), node.inputs()))
            .toList());
  }
}
