package io.espalier.trainer.network;

/** A layer with a weight, its first parameter. */
public interface WeightedLayer {
  /** Returns the part of its input that its weight multiplies; by default each place's features. */
  default Unfold unfold() {
    return Unfold.PLACES;
  }
}
