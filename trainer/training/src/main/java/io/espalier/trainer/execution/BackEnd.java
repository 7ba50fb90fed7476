package io.espalier.trainer.execution;

import io.espalier.configs.TrainConfig;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.Optional;

/** One way to compute, in a module of its own, found by {@link java.util.ServiceLoader}. */
public interface BackEnd {
  /** The revision of runs whose files do not name theirs. */
  int FIRST_ARITHMETIC = 1;

  Execution execution();

  /**
   * Says what steps are computed with on this machine, such as {@code all weights on the engine}.
   */
  String computing();

  /** Returns why it cannot compute on this machine, with a way out; empty if it can. */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /**
   * Returns a sentence on why it takes long on this machine, with a way out; empty if it does not.
   */
  default Optional<String> slowness() {
    return Optional.empty();
  }

  /** Returns the first node whose layer it cannot compute; empty if it computes all. */
  Optional<GraphNode> missing(Network network);

  /**
   * Returns the revision of the arithmetic that it computes a network with. Results are the same
   * bits only for equal revisions; one rises where a version of Espalier sums in another order.
   */
  default int arithmetic(Network network) {
    return FIRST_ARITHMETIC;
  }

  /** Begins, once in a process, what would make the first steps slow; returns at once. */
  default void warmUp(TrainConfig train) {}
}
