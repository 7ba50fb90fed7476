package io.espalier.masks.update;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;

/**
 * What an update did to one parameter.
 *
 * @param units all of its units
 * @param target units that the allocation gave it
 * @param kept units kept after the update
 * @param pruned units that turned from kept to pruned
 * @param regrown units that turned from pruned to kept
 */
public record ParameterChange(
    ParameterId id, int units, int target, int kept, int pruned, int regrown) {
  /** What became of a parameter's mask. */
  static ParameterChange between(ParameterId id, Mask before, Mask after, int target) {
    int both = before.countAnd(after);
    return new ParameterChange(
        id, after.size(), target, after.kept(), before.kept() - both, after.kept() - both);
  }

  /** Units whose bit turned. */
  public int churn() {
    return pruned + regrown;
  }
}
