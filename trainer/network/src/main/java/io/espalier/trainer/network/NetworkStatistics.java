package io.espalier.trainer.network;

import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightUses;
import java.util.List;

/** Statistics that follow from a network's shapes. */
public final class NetworkStatistics {
  private NetworkStatistics() {}

  public static Statistics of(Network network, List<ParameterShape> prunable) {
    return added(Statistics.none(), network, prunable);
  }

  /** Returns these and others. */
  public static Statistics added(
      Statistics others, Network network, List<ParameterShape> prunable) {
    return others.withArrays(
        WeightUses.REQUEST,
        prunable.stream()
            .map(weight -> network.parameter(weight.id()).orElseThrow().usesPerExample())
            .map(uses -> new float[] {(float) uses})
            .toList());
  }
}
