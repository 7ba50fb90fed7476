package io.espalier.trainer.run;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.trainer.sync.Committed;
import java.util.Locale;
import java.util.Optional;

/**
 * The sparsity of a finished run whose mask kind chooses weights itself, so that the recipe's is a
 * target; all are shares from 0 to 1.
 */
public record SparsityOutcome(double target, double found, double tolerance) {
  private static final double ROUNDING = 1e-9;

  /** Whether a recipe's sparsity is a target and not a promise. */
  public static boolean isOutcome(PruneConfig prune) {
    return MaskKinds.of(prune.mask()).choice().isPresent();
  }

  /** Returns the outcome of the final masks; empty where counts are those of the plan. */
  public static Optional<SparsityOutcome> of(Committed finished) {
    PruneConfig prune = finished.run().config().prune();
    return isOutcome(prune)
        ? Optional.of(
            new SparsityOutcome(
                prune.target().sparsity(),
                finished.masks().masks().sparsity(),
                prune.target().tolerance()))
        : Optional.empty();
  }

  public boolean isWithinTolerance() {
    return Math.abs(found - target) <= tolerance + ROUNDING;
  }

  /** The warning about a sparsity outside its tolerance. */
  public String notice() {
    return String.format(
        Locale.ROOT,
        "sparsity must be within prune.tolerance of prune.sparsity: target=%.4f, found=%.4f,"
            + " tolerance=%.4f; the network is kept: change what drives prune.mask, or the target",
        target,
        found,
        tolerance);
  }
}
