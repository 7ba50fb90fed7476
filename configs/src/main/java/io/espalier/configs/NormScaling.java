package io.espalier.configs;

/**
 * By what the norm behind a layer is scaled when the layer has fewer channels to read (Humble,
 * Shen, Albericio Latorre, Darrell and Alvarez, "Soft Masking for Cost-Constrained Channel
 * Pruning", 2022): it keeps gradients from growing where most of what a layer reads vanishes.
 */
public enum NormScaling {
  NONE,
  /** The share of the channels that is kept. */
  SHARE,
  /** The share of the scores of all channels that those that are kept have. */
  IMPORTANCE
}
