package io.espalier.masks.federated;

import java.util.List;

/**
 * For each unit the mean of its holders' values without the largest and the smallest ones
 * ("Byzantine-robust distributed learning: towards optimal statistical rates", Yin et al., 2018).
 * Units of too few holders get the plain mean of all.
 *
 * <p>Weights above 0 do not count: a client could claim any. Holds all clients' values of one
 * parameter at a time.
 *
 * @param trimmed how many values are dropped at either end, 0 or more; stands that many false
 *     clients among the holders of a unit if these are more than twice as many
 */
public record TrimmedMean(int trimmed) implements Aggregation {
  public TrimmedMean {
    if (trimmed < 0) {
      throw new IllegalArgumentException(
          "a trimmed mean must drop 0 or more values at either end: trimmed=" + trimmed);
    }
  }

  @Override
  public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
    return Holders.merge(updates, unchanged, this::mean);
  }

  private double mean(double[] sorted, int count) {
    int dropped = count > 2L * trimmed ? trimmed : 0;
    double sum = 0;
    for (int i = dropped; i < count - dropped; i++) {
      sum += sorted[i];
    }
    return sum / (count - 2 * dropped);
  }
}
