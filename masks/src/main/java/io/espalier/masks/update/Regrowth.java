package io.espalier.masks.update;

import io.espalier.configs.prune.RegrowthConfig;
import io.espalier.masks.Mask;

/** Chooses pruned units that return, at value 0, beside those that the ranking keeps. */
public interface Regrowth {
  /**
   * Units of a parameter that return.
   *
   * @param parameterIndex its place among the prunable parameters
   * @param before mask before the update
   * @param chosen mask that the ranking gives
   * @return units outside {@code chosen}
   */
  Mask returning(int parameterIndex, Mask before, Mask chosen);

  /** The rule that a recipe asks for. */
  static Regrowth of(RegrowthConfig config) {
    return switch (config) {
      case NONE -> (parameterIndex, before, chosen) -> Mask.noneKept(chosen.size());
    };
  }
}
