package io.espalier.masks.update;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import java.util.List;

/**
 * Exchanges units of one parameter at constant count: kept ones of the smallest hold go, and as
 * many units outside return, possibly the same. {@code kept} is after the exchange; {@code grown}
 * are those that return.
 */
record UnitExchange(Mask kept, Mask grown) {
  /** Exchanges a share of the kept units, rounded down, but no more than are outside. */
  static UnitExchange of(Mask kept, double share, float[] hold, float[] attraction) {
    int count = Math.min((int) Math.floor(share * kept.kept() + 1e-9), kept.pruned());
    Mask staying = best(hold, kept, kept.kept() - count);
    Mask out = Mask.allKept(kept.size()).andNot(staying);
    Mask grown = best(attraction, out, count);
    return new UnitExchange(staying.or(grown), grown);
  }

  private static Mask best(float[] scores, Mask candidates, int count) {
    return Ranking.of(List.of(scores), List.of(candidates)).top(List.of(count)).get(0);
  }
}
