package io.espalier.trainer.network;

import java.util.Optional;

/** A layer that may have a bias. */
public interface BiasableLayer {
  /** This layer with a bias as one more, last parameter; empty if it has one. */
  Optional<Layer> withBias();
}
