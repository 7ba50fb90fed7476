package io.espalier.masks.score;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A prunable parameter at a mask update. Its arrays are not changed.
 *
 * @param index among the prunable parameters, in order
 * @param weights row-major, averaged over all replicas
 * @param candidates the weights that may be kept
 * @param step optimizer steps that are completed
 * @param statistics what was requested
 */
public record ScoredParameter(
    ParameterShape shape,
    int index,
    float[] weights,
    Mask candidates,
    long step,
    Statistics statistics) {
  /** All prunable parameters, in order, with one array and one mask each. */
  public static List<ScoredParameter> all(
      List<ParameterShape> shapes,
      List<float[]> weights,
      List<Mask> candidates,
      long step,
      Statistics statistics) {
    return IntStream.range(0, shapes.size())
        .mapToObj(
            p ->
                new ScoredParameter(
                    shapes.get(p), p, weights.get(p), candidates.get(p), step, statistics))
        .toList();
  }

  public String name() {
    return shape.id().name();
  }

  /** Returns the arrays of a requested statistic. */
  public List<float[]> statistics(StatisticRequest request) {
    return statistics.of(request, index);
  }

  /** Returns a requested statistic that has one array. */
  public float[] statistic(StatisticRequest request) {
    return statistics(request).get(0);
  }
}
