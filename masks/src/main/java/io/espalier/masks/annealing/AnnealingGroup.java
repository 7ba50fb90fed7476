package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskVersion;
import java.util.List;

/**
 * The units that one update pruned.
 *
 * @param version mask version that pruned them
 * @param step sync of that update
 * @param units per prunable parameter, in order: the units pruned
 */
public record AnnealingGroup(MaskVersion version, long step, List<Mask> units) {
  public AnnealingGroup {
    units = List.copyOf(units);
    if (step < 0) {
      throw new IllegalArgumentException("a cohort's step must be 0 or more: step=" + step);
    }
  }
}
