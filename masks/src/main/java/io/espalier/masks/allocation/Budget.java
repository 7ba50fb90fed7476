package io.espalier.masks.allocation;

import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The units to share out and the bounds to keep.
 *
 * @param parameters prunable parameters in order; of each group of channels the largest weight that
 *     gives them
 * @param units units of each parameter: its weights, unless several weights are one unit, or the
 *     channels of a group
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

  /** Returns a copy with one parameter's floor and cap replaced by an exact count. */
  Budget with(int parameter, int count) {
    return new Budget(
        parameters,
        units,
        sparsity,
        kept,
        replaced(floors, parameter, count),
        replaced(caps, parameter, count));
  }

  /**
   * Returns a copy in which no parameter keeps more than a share of its units, rounded up, or than
   * its floor; this budget if such caps leave too few units.
   */
  Budget cappedAt(double share) {
    List<Integer> lower = new ArrayList<>();
    for (int p = 0; p < caps.size(); p++) {
      int most = (int) Math.ceil(share * units.get(p) - 1e-9);
      lower.add(Math.min(caps.get(p), Math.max(floors.get(p), most)));
    }
    return sum(lower) < kept ? this : new Budget(parameters, units, sparsity, kept, floors, lower);
  }

  private static List<Integer> replaced(List<Integer> counts, int place, int count) {
    List<Integer> others = new ArrayList<>(counts);
    others.set(place, count);
    return others;
  }

  /** The rule that these counts break; empty if they keep the budget. */
  Optional<String> brokenBy(List<Integer> counts) {
    if (counts.size() != parameters.size()) {
      return Optional.of(
          "give one count per parameter: parameters=%d, counts=%d"
              .formatted(parameters.size(), counts.size()));
    }
    for (int p = 0; p < counts.size(); p++) {
      int count = counts.get(p);
      if (count < floors.get(p) || count > caps.get(p)) {
        return Optional.of(
            "keep from floor to cap units of each parameter: parameter=%s, count=%d, floor=%d, cap=%d"
                .formatted(parameters.get(p).id().name(), count, floors.get(p), caps.get(p)));
      }
    }
    return sum(counts) == kept
        ? Optional.empty()
        : Optional.of("keep exactly the budget: kept=%d, budget=%d".formatted(sum(counts), kept));
  }

  /** Kept units before rounding, within what the floors allow. */
  double realKept() {
    return Math.max((double) sum(floors), Math.min((double) kept, (1 - sparsity) * sum(units)));
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }
}
