package io.espalier.masks.update;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.List;

/**
 * A mask set and how it differs, parameter by parameter, from the one before.
 *
 * @param restarted for each parameter the units that were kept before and are again, but start anew
 *     at 0, because they made room and returned at once; empty if no units were exchanged
 */
public record MaskUpdate(MaskSet next, List<ParameterChange> changes, List<Mask> restarted) {
  public MaskUpdate {
    changes = List.copyOf(changes);
    restarted = List.copyOf(restarted);
  }

  /** The update that leads from one set to the next of the same parameters; nothing restarts. */
  public static MaskUpdate between(MaskSet before, MaskSet next) {
    List<ParameterChange> changes = new ArrayList<>();
    for (int p = 0; p < next.masks().size(); p++) {
      Mask mask = next.masks().get(p);
      changes.add(
          ParameterChange.between(
              next.parameters().get(p), before.masks().get(p), mask, mask.kept()));
    }
    return new MaskUpdate(next, changes, List.of());
  }

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
}
