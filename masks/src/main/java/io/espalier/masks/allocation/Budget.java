package io.espalier.masks.allocation;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * The units to share out and the bounds to keep.
 *
 * @param parameters prunable parameters in order
 * @param units units of each parameter: its weights, unless several weights are one unit
 * @param sparsity target over all of them
 * @param kept units kept in all, exactly; {@code (1 − sparsity) · units} rounded up
 * @param floors fewest units that each parameter keeps
 * @param caps most units that each parameter keeps
 */
public record Budget(
    List<ParameterShape> parameters,
    List<Integer> units,
    double sparsity,
    long kept,
    List<Integer> floors,
    List<Integer> caps) {
  public Budget {
    parameters = List.copyOf(parameters);
    units = List.copyOf(units);
    floors = List.copyOf(floors);
    caps = List.copyOf(caps);
    if (floors.size() != parameters.size() || caps.size() != parameters.size()) {
      throw new IllegalArgumentException(
          "a budget needs a floor and a cap per parameter: parameters=%d, floors=%d, caps=%d"
              .formatted(parameters.size(), floors.size(), caps.size()));
    }
    for (int p = 0; p < parameters.size(); p++) {
      int size = units.get(p);
      if (floors.get(p) < 0 || floors.get(p) > caps.get(p) || caps.get(p) > size) {
        throw new IllegalArgumentException(
            "0 ≤ floor ≤ cap ≤ units must hold: parameter=%s, floor=%d, cap=%d, units=%d"
                .formatted(parameters.get(p).id(), floors.get(p), caps.get(p), size));
      }
    }
    if (kept < sum(floors) || kept > sum(caps)) {
      throw new IllegalArgumentException(
          "kept must be from the sum of floors to the sum of caps: kept=%d, floors=%d, caps=%d"
              .formatted(kept, sum(floors), sum(caps)));
    }
  }

  /** A budget of single weights. */
  public Budget(
      List<ParameterShape> parameters,
      double sparsity,
      long kept,
      List<Integer> floors,
      List<Integer> caps) {
    this(
        parameters,
        parameters.stream().map(ParameterShape::size).toList(),
        sparsity,
        kept,
        floors,
        caps);
  }

  /** Kept units before rounding, within what the floors allow. */
  double realKept() {
    return Math.max((double) sum(floors), Math.min((double) kept, (1 - sparsity) * sum(units)));
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }
}
