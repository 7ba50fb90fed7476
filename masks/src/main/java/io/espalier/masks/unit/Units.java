package io.espalier.masks.unit;

import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocation;
import io.espalier.masks.selection.Selection;
import java.util.List;
import java.util.Optional;

/**
 * The units that a mask update keeps or prunes as a whole, of each prunable parameter: single
 * weights unless all of lift, lower, unitOf and areWeights say otherwise. Immutable.
 */
public interface Units {
  /**
   * Units of several weights.
   *
   * @param unitOf for each parameter the unit of each weight, from 0 without a gap
   * @param reduction how the scores of a unit's weights become one
   */
  static Units grouped(List<int[]> unitOf, Reduction reduction) {
    return GroupedUnits.of(unitOf, reduction);
  }

  /** Units of each parameter. */
  List<Integer> counts();

  /**
   * One score per unit from those of the parameter's weights, which may be returned as they are.
   */
  default float[] lift(int parameter, float[] scores) {
    return scores;
  }

  /** The units of which a weight is kept. */
  default Mask lift(int parameter, Mask weights) {
    return weights;
  }

  /** The weights of kept units. */
  default Mask lower(int parameter, Mask units) {
    return units;
  }

  /** The unit of a weight. */
  default int unitOf(int parameter, int weight) {
    return weight;
  }

  /** Whether a unit is one weight. */
  default boolean areWeights() {
    return true;
  }

  /** The selection of units that bring a rule of their own, as N of M do. */
  default Optional<Selection> selection() {
    return Optional.empty();
  }

  default long total() {
    return counts().stream().mapToLong(Integer::longValue).sum();
  }

  /** Units that stay at a sparsity from 0 to 1, exactly. */
  default long kept(double sparsity) {
    return Counts.kept(sparsity, total());
  }

  /**
   * Units of each parameter that always stay under an allocation, which may protect more than the
   * recipe does unless the units bring a selection of their own.
   */
  default List<Integer> floors(
      Allocation allocation, List<ParameterShape> parameters, double minKeep) {
    List<Integer> own = floors(minKeep);
    return selection().isPresent() ? own : allocation.floors(parameters, counts(), own);
  }

  /** Units of each parameter that always stay where a recipe protects a share of them. */
  default List<Integer> floors(double minKeep) {
    return counts().stream().map(count -> Counts.minKeep(minKeep, count)).toList();
  }
}
