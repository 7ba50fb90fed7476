package io.espalier.trainer.network;

/** A layer with a weight, its first parameter. */
public interface WeightedLayer {
  /** Returns the part of its input that its weight multiplies. */
  Unfold unfold();
}
