package io.espalier.trainer.network;

/** A layer that is a function of single values, whose input is a neuron's pre-activation. */
public interface ActivationLayer {
  /** Whether it is one for these settings. */
  default boolean activates() {
    return true;
  }
}
