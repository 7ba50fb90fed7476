package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import java.util.List;

/**
 * Pruned weights that still take part at random. How likely they do depends on the step alone, so
 * they die on every replica at once and without a message. Immutable.
 */
public interface Annealing {
  /** Whether no weight takes part any more. */
  boolean isOver();

  /** Whether some weights of a prunable parameter may take part. */
  boolean reaches(int parameter);

  /** This without what no longer takes part at {@code step}; the same if all still does. */
  Annealing aliveAt(long step);

  /**
   * The weights of each prunable parameter that are kept, or may take part in the step after {@code
   * step} ones.
   */
  List<Mask> living(List<Mask> kept, long step);

  /**
   * Returns the draw of the mask of a prunable parameter of which {@code kept} weights are kept.
   */
  MaskDraw draw(int parameter, Mask kept);
}
