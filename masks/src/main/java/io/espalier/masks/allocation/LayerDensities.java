package io.espalier.masks.allocation;

import io.espalier.masks.ParameterId;
import io.espalier.masks.selection.Ranking;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Densities within a range of given width around that of the budget, by the importance of each
 * parameter: the least important has the lowest. They are moved together until the weights of all
 * add up to the budget, so that larger parameters count for more.
 */
final class LayerDensities implements Allocation {
  private final Map<ParameterId, Double> importances;
  private final double least;
  private final double scale;
  private final double leastSparsity;

  /**
   * Densities by importances.
   *
   * @param importances finite; at least one
   * @param width of the range, 0 or more
   * @param leastSparsity of each parameter, unless the budget prunes less
   */
  LayerDensities(Map<ParameterId, Double> importances, double width, double leastSparsity) {
    this.importances = Map.copyOf(importances);
    this.least = Collections.min(importances.values());
    double range = Collections.max(importances.values()) - least;
    this.scale = range > 0 ? width / range : 0;
    this.leastSparsity = leastSparsity;
  }

  @Override
  public List<Integer> counts(Budget whole, Ranking ranking) {
    Budget budget = whole.cappedAt(1 - leastSparsity);
    double[] sizes = budget.units().stream().mapToDouble(Integer::doubleValue).toArray();
    double[] offsets =
        IntStream.range(0, sizes.length)
            .mapToDouble(p -> above(budget.parameters().get(p).id()) * sizes[p])
            .toArray();
    return LargestRemainder.round(budget, KeepShares.of(budget, offsets, sizes));
  }

  /** By how much a parameter is denser than the sparsest; 0 where nothing is known of it. */
  private double above(ParameterId id) {
    return (importances.getOrDefault(id, least) - least) * scale;
  }
}
