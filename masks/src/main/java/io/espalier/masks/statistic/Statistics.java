package io.espalier.masks.statistic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of one mask update, merged over all replicas. Holds the given arrays without
 * copying them.
 */
public final class Statistics {
  private static final Statistics NONE = new Statistics(Map.of());

  private final Map<StatisticRequest, List<List<float[]>>> values;

  private Statistics(Map<StatisticRequest, List<List<float[]>>> values) {
    this.values = values;
  }

  public static Statistics none() {
    return NONE;
  }

  /** Returns these statistics and another: for each prunable parameter its arrays. */
  public Statistics with(StatisticRequest request, List<List<float[]>> perParameter) {
    Map<StatisticRequest, List<List<float[]>>> more = new HashMap<>(values);
    more.put(request, List.copyOf(perParameter));
    return new Statistics(more);
  }

  /** Returns these statistics and another of one array per prunable parameter. */
  public Statistics withArrays(StatisticRequest request, List<float[]> perParameter) {
    return with(request, perParameter.stream().map(List::of).toList());
  }

  /** Returns the arrays of a prunable parameter; callers must not change them. */
  public List<float[]> of(StatisticRequest request, int parameterIndex) {
    List<List<float[]>> found = values.get(request);
    if (found == null) {
      throw new IllegalArgumentException(
          "an update must be given the statistics that it requests: request=" + request);
    }
    return found.get(parameterIndex);
  }
}
