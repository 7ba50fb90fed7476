package io.espalier.masks.allocation;

import io.espalier.masks.Counts;
import java.util.List;

/** Higher floors of single parameters. */
final class EndFloors {
  private EndFloors() {}

  /** Protects a share from 0 to 1 of a parameter's units, rounded up. */
  static void raise(List<Integer> floors, int parameter, List<Integer> units, double share) {
    int least = Counts.minKeep(share, units.get(parameter));
    floors.set(parameter, Math.max(floors.get(parameter), least));
  }
}
