package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Network;

/**
 * The revision of the order of sums. One that changes bits of whole runs has the next number, so
 * that a run does not go on with another order than it began with.
 */
public final class Arithmetic {
  private static final int FIRST = 1;

  /** Of networks with convolutions of kernels larger than 1 × 1. */
  private static final int OF_CONVOLUTIONS = 1;

  private Arithmetic() {}

  /** Returns the revision that computes a network; other networks may have another. */
  public static int revision(Network network) {
    return network.nodes().stream()
            .anyMatch(node -> node.layer() instanceof Convolution layer && layer.kernel() > 1)
        ? OF_CONVOLUTIONS
        : FIRST;
  }
}
