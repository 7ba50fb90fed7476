package io.espalier.trainer.sparse;

/** Sees gradients of a weight, of pruned units too, output by output. */
@FunctionalInterface
public interface GradientObserver {
  /** The gradients of the units from {@code first} on; valid during the call only. */
  void read(int first, float[] gradients);
}
