package io.espalier.masks.update;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.List;

/**
 * A mask set and its changes per parameter. {@code restarted} has the units that made room and
 * returned at once, so start anew at 0; empty if no units were exchanged.
 */
public record MaskUpdate(MaskSet next, List<ParameterChange> changes, List<Mask> restarted) {
  public MaskUpdate {
    changes = List.copyOf(changes);
    restarted = List.copyOf(restarted);
  }

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
   * An update's change of one parameter, in units; {@code target} comes from the allocation, or is
   * the planned share where the mask kind chooses, {@code kept} is after the update.
   */
  public record ParameterChange(
      ParameterId id, int units, int target, int kept, int pruned, int regrown) {
    static ParameterChange between(ParameterId id, Mask before, Mask after, int target) {
      int both = before.countAnd(after);
      return new ParameterChange(
          id, after.size(), target, after.kept(), before.kept() - both, after.kept() - both);
    }

    public int churn() {
      return pruned + regrown;
    }
  }
}
