package io.espalier.trainer.network;

/** A layer with a weight, its first parameter. */
public interface WeightedLayer {
  /** What of its input its weight multiplies. */
  Unfold unfold();
}
