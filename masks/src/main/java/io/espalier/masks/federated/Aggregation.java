package io.espalier.masks.federated;

import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.masks.Mask;
import java.util.List;
import java.util.Optional;

/**
 * Merges the values of a whole cohort into those of the global network. A unit takes the values of
 * the clients that hold it and have a weight above 0. Without such a client it stays unchanged.
 * Sums are in double and in client order, so equal updates give equal bits.
 */
public sealed interface Aggregation
    permits Aggregation.TrimmedMean, Aggregation.CoordinateMedian, Krum {
  /** Empty for the mean, which needs no cohort at once: see {@link MaskAwareMean}. */
  static Optional<Aggregation> of(AggregationConfig config) {
    if (config instanceof AggregationConfig.TrimmedMean trimmed) {
      return Optional.of(new TrimmedMean(trimmed.drop()));
    }
    if (config instanceof AggregationConfig.Krum krum) {
      return Optional.of(new Krum(krum.faulty()));
    }
    return config instanceof AggregationConfig.Median
        ? Optional.of(new CoordinateMedian())
        : Optional.empty();
  }

  /**
   * Merges the updates of a round into one new array per parameter; {@code unchanged} has the
   * clients' starting values and is not changed.
   */
  List<float[]> merge(ClientUpdates updates, List<float[]> unchanged);

  /**
   * For each unit the mean of its holders' values without the largest and the smallest ones
   * ("Byzantine-robust distributed learning: towards optimal statistical rates", Yin et al., 2018).
   * For a unit with too few holders fewer values are dropped, so that one or two are left: the
   * median. Weights above 0 do not count: a client could claim any. Holds all clients' values of
   * one parameter at a time.
   *
   * @param trimmed how many values are dropped at either end, 0 or more; stands that many false
   *     clients among the holders of a unit if these are more than twice as many
   */
  record TrimmedMean(int trimmed) implements Aggregation {
    public TrimmedMean {
      if (trimmed < 0) {
        throw new IllegalArgumentException(
            "a trimmed mean must drop 0 or more values at either end: trimmed=" + trimmed);
      }
    }

    @Override
    public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
      return UnitHolders.merge(updates, unchanged, this::mean);
    }

    private double mean(double[] sorted, int count) {
      int dropped = Math.min(trimmed, (count - 1) / 2);
      double sum = 0;
      for (int i = dropped; i < count - dropped; i++) {
        sum += sorted[i];
      }
      return sum / (count - 2 * dropped);
    }
  }

  /**
   * For each unit the median of its holders' values, the mean of the middle two of an even number
   * ("Byzantine-robust distributed learning: towards optimal statistical rates", Yin et al., 2018).
   * Stands false clients as long as they are fewer than half of the holders. Weights above 0 do not
   * count: a client could claim any. Holds all clients' values of one parameter at a time.
   */
  record CoordinateMedian() implements Aggregation {
    @Override
    public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
      return UnitHolders.merge(
          updates, unchanged, (sorted, count) -> (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
    }
  }

  /**
   * The updates of a round's clients in a fixed order. A rule may ask for a parameter more than
   * once, so the values need not all be in memory.
   */
  interface ClientUpdates {
    int clients();

    /** A client's weight, finite and 0 or more: its number of examples. */
    double weight(int client);

    Mask holds(int client, int parameter);

    /**
     * A client's values of a parameter, one finite value per unit; those that it does not hold are
     * not read. Rules do not change the array, and drop it before they ask for another parameter.
     */
    float[] values(int client, int parameter);
  }
}
