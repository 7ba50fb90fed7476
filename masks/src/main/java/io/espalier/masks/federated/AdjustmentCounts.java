package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.ExchangeSchedule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many units of a parameter change places in round t: {@code floor(α/2 · (1 + cos(πt/R)) · n)}
 * of its n kept ones, but no more than are pruned.
 *
 * @param fraction share α of the kept units at the beginning, from 0 to 1; the paper's is .3
 * @param end the round R from which on nothing changes, 1 or more
 */
public record AdjustmentCounts(double fraction, long end) {
  public AdjustmentCounts {
    if (!(fraction >= 0 && fraction <= 1) || end < 1) {
      throw new IllegalArgumentException(
          "a fraction must be from 0 to 1 and the end 1 or more: fraction=%s, end=%d"
              .formatted(fraction, end));
    }
  }

  /** Units of one parameter that grow, and as many that are pruned. */
  public int at(long round, Mask kept) {
    double share = new ExchangeSchedule(1, 0, end, fraction, true).shareAt(round);
    return Math.min(kept.pruned(), (int) Math.floor(share * kept.kept() + 1e-9));
  }

  public List<Integer> at(long round, MaskSet current, List<Integer> block) {
    return IntStream.range(0, current.masks().size())
        .mapToObj(p -> block.contains(p) ? at(round, current.masks().get(p)) : 0)
        .toList();
  }
}
