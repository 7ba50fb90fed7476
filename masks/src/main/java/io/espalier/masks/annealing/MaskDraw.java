package io.espalier.masks.annealing;

import java.nio.IntBuffer;

/** Draws the mask of one parameter anew for every step. Not thread-safe: memory is reused. */
@FunctionalInterface
public interface MaskDraw {
  /**
   * Writes the mask of the step after {@code step} completed ones, one float per weight as its
   * bits; different replicas draw different masks.
   */
  void draw(long step, long seed, int trainer, IntBuffer mask);
}
