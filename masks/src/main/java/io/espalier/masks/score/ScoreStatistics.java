package io.espalier.masks.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of one mask update, merged over all replicas. Holds the given arrays without
 * copying them.
 */
public final class ScoreStatistics {
  private static final ScoreStatistics NONE = new ScoreStatistics(Map.of());

  private final Map<StatisticRequest, List<float[]>> values;

  private ScoreStatistics(Map<StatisticRequest, List<float[]>> values) {
    this.values = values;
  }

  public static ScoreStatistics none() {
    return NONE;
  }

  /**
   * Returns these statistics and another: one array per prunable parameter, 0 for units not asked
   * for.
   */
  public ScoreStatistics with(StatisticRequest request, List<float[]> perParameter) {
    Map<StatisticRequest, List<float[]>> more = new HashMap<>(values);
    more.put(request, List.copyOf(perParameter));
    return new ScoreStatistics(more);
  }

  /** Returns one array per prunable parameter; callers must not change them. */
  public List<float[]> of(StatisticRequest request) {
    List<float[]> found = values.get(request);
    if (found == null) {
      throw new IllegalArgumentException(
          "an update must be given the statistics that it requests: request=" + request);
    }
    return found;
  }
}
