package io.espalier.masks.kind;

/** The state of the units that a mask prunes. */
public enum PrunedUnits {
  /** Weight and moments are 0 from the update on. */
  ZERO,
  /** They live on until their temperature is 0, and do not return. */
  FADING,
  /** They live on, and the next update ranks them with the others. */
  RETURNING
}
