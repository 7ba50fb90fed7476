package io.espalier.masks.federated;

import java.util.List;

/**
 * For each unit the median of its holders' values, the mean of the middle two of an even number
 * ("Byzantine-robust distributed learning: towards optimal statistical rates", Yin et al., 2018).
 * Stands false clients as long as they are fewer than half of the holders.
 *
 * <p>Weights above 0 do not count: a client could claim any. Holds all clients' values of one
 * parameter at a time.
 */
public record CoordinateMedian() implements Aggregation {
  @Override
  public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
    return Holders.merge(
        updates, unchanged, (sorted, count) -> (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
  }
}
