package io.espalier.trainer.execution;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.Optional;

/** Stands for the engine in tests of this module, which prepare runs and compute nothing. */
public final class EngineToPrepareFor implements BackEnd {
  @Override
  public Execution execution() {
    return Execution.ENGINE;
  }

  @Override
  public String computing() {
    return "nothing";
  }

  @Override
  public Optional<GraphNode> missing(Network network) {
    return Optional.empty();
  }
}
