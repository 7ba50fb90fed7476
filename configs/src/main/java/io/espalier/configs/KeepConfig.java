package io.espalier.configs;

/**
 * Says what a run keeps beside its final network.
 *
 * @param best whether the network of the best validation accuracy at the final sparsity stays
 * @param masks which versions of the masks stay
 */
public record KeepConfig(boolean best, Masks masks) {
  /** A run that keeps its final network and masks only. */
  public static final KeepConfig FINAL = new KeepConfig(false, Masks.LAST);

  public enum Masks {
    /** The final one. */
    LAST,
    /** The one of every mask update and cut. */
    ALL
  }
}
