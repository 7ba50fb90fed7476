package io.espalier.masks.federated;

import java.util.List;

/**
 * How the values that clients hold become those of the global network.
 *
 * <p>Only those who hold a unit have a say in it, clients of weight 0 have none, and a unit that
 * nobody holds stays as it is. All sums are in double and in the order of the clients, so equal
 * updates give equal bits.
 */
public sealed interface Aggregation permits WeightedMean, TrimmedMean, CoordinateMedian, Krum {
  /**
   * The merged network.
   *
   * @param unchanged what the clients began with, one array per parameter; not changed
   * @return one new array per parameter
   */
  List<float[]> merge(ClientUpdates updates, List<float[]> unchanged);
}
