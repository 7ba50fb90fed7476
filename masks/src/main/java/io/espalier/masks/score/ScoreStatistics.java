package io.espalier.masks.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of one mask update, merged over all replicas.
 *
 * <p>Holds the given arrays without copying them.
 */
public final class ScoreStatistics {
  private static final ScoreStatistics NONE = new ScoreStatistics(Map.of());

  private final Map<StatisticRequest, List<float[]>> values;

  private ScoreStatistics(Map<StatisticRequest, List<float[]>> values) {
    this.values = values;
  }

  /** For updates that need weights only. */
  public static ScoreStatistics none() {
    return NONE;
  }

  /**
   * Returns these statistics and those of one more request.
   *
   * @param perParameter one array per prunable parameter with one value per unit; units that were
   *     not asked for have 0
   */
  public ScoreStatistics with(StatisticRequest request, List<float[]> perParameter) {
    Map<StatisticRequest, List<float[]>> more = new HashMap<>(values);
    more.put(request, List.copyOf(perParameter));
    return new ScoreStatistics(more);
  }

  /** Returns one array per prunable parameter; they must not be changed. */
  public List<float[]> of(StatisticRequest request) {
    List<float[]> found = values.get(request);
    if (found == null) {
      throw new IllegalArgumentException(
          "an update must be given the statistics that it requests: request=" + request);
    }
    return found;
  }
}
