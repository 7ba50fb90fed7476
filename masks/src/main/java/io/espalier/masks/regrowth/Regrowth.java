package io.espalier.masks.regrowth;

import io.espalier.masks.score.Score;

/**
 * Ranks units for return at 0: those with the largest score replace the kept units with the
 * smallest magnitude.
 */
public interface Regrowth extends Score {
  /** Whether the exchanged share falls by a cosine to 0; otherwise it stays the same. */
  default boolean shareFalls() {
    return false;
  }
}
