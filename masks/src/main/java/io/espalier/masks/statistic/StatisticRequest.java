package io.espalier.masks.statistic;

import io.espalier.configs.plugin.RequiredStatistics;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A statistic over {@code batches} batches per trainer; of one per weight only {@code units}
 * travel.
 */
public record StatisticRequest(Statistic statistic, int batches, Units units) {
  /** Weights of every prunable parameter. */
  public enum Units {
    /** Weights that the update ranks: kept ones, or all where hidden ones may return. */
    CANDIDATES,
    ALL
  }

  public StatisticRequest {
    if (batches < 1) {
      throw new IllegalArgumentException("batches must be 1 or more: batches=" + batches);
    }
  }

  /** A request for all that the statistic holds. */
  public static StatisticRequest of(Statistic statistic, int batches) {
    return new StatisticRequest(statistic, batches, Units.ALL);
  }

  /** The statistics that a ranking with these requests reads. */
  public static RequiredStatistics readings(List<StatisticRequest> requests) {
    return new RequiredStatistics(
        requests.stream().anyMatch(request -> request.statistic().isMeasured()),
        requests.stream().anyMatch(request -> request.statistic().isOfNetwork()),
        requests.stream()
            .flatMap(request -> request.statistic().auxiliary().stream())
            .collect(Collectors.toUnmodifiableSet()));
  }
}
