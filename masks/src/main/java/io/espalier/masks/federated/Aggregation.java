package io.espalier.masks.federated;

import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.masks.Mask;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges clients' values into those of the global network. Only clients that hold a unit count for
 * it, clients of weight 0 never do, and a unit that nobody holds stays unchanged. Sums are in
 * double and in client order, so equal updates give equal bits.
 */
public sealed interface Aggregation
    permits Aggregation.WeightedMean, Aggregation.TrimmedMean, Aggregation.CoordinateMedian, Krum {
  static Aggregation of(AggregationConfig config) {
    if (config instanceof AggregationConfig.TrimmedMean trimmed) {
      return new TrimmedMean(trimmed.drop());
    }
    if (config instanceof AggregationConfig.Krum krum) {
      return new Krum(krum.faulty());
    }
    return config instanceof AggregationConfig.Median ? new CoordinateMedian() : new WeightedMean();
  }

  /**
   * Merges the updates of a round into one new array per parameter; {@code unchanged} has the
   * clients' starting values and is not changed.
   */
  List<float[]> merge(ClientUpdates updates, List<float[]> unchanged);

  default boolean isMean() {
    return false;
  }

  /**
   * The mean weighted by the clients' weights ("Communication-efficient learning of deep networks
   * from decentralized data", McMahan et al., 2017), over the holders of each unit: see {@link
   * MaskAwareMean}. Holds the values of one client and one parameter at a time.
   */
  record WeightedMean() implements Aggregation {
    @Override
    public boolean isMean() {
      return true;
    }

    @Override
    public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
      List<float[]> merged = new ArrayList<>();
      int[] voters = UnitHolders.voters(updates);
      for (int p = 0; p < unchanged.size(); p++) {
        MaskAwareMean mean = new MaskAwareMean(unchanged.get(p).length);
        for (int client : voters) {
          mean.add(updates.values(client, p), updates.holds(client, p), updates.weight(client));
        }
        merged.add(mean.merge(unchanged.get(p)));
      }
      return merged;
    }
  }

  /**
   * For each unit the mean of its holders' values without the largest and the smallest ones
   * ("Byzantine-robust distributed learning: towards optimal statistical rates", Yin et al., 2018).
   * Units of too few holders get the plain mean of all. Weights above 0 do not count: a client
   * could claim any. Holds all clients' values of one parameter at a time.
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
      int dropped = count > 2L * trimmed ? trimmed : 0;
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
