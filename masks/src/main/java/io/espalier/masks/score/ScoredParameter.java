package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.stream.IntStream;

/** A prunable parameter at a mask update. Its arrays must not be changed. */
public final class ScoredParameter implements PluginCall.Subject {
  private final ParameterShape shape;
  private final int index;
  private final float[] weights;
  private final Mask candidates;
  private final long step;
  private final Statistics statistics;

  /** Holds the weights without copying them. */
  public ScoredParameter(
      ParameterShape shape,
      int index,
      float[] weights,
      Mask candidates,
      long step,
      Statistics statistics) {
    this.shape = shape;
    this.index = index;
    this.weights = weights;
    this.candidates = candidates;
    this.step = step;
    this.statistics = statistics;
  }

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

  /** Returns a copy with other weights that may be kept. */
  public ScoredParameter among(Mask others) {
    return new ScoredParameter(shape, index, weights, others, step, statistics);
  }

  /** Returns a copy that owns its weights. */
  ScoredParameter copy() {
    return new ScoredParameter(shape, index, weights.clone(), candidates, step, statistics);
  }

  public ParameterShape shape() {
    return shape;
  }

  /** Its place among the prunable parameters. */
  public int index() {
    return index;
  }

  /** Row-major, averaged over all replicas. */
  public float[] weights() {
    return weights;
  }

  /** The weights that may be kept. */
  public Mask candidates() {
    return candidates;
  }

  /** Completed optimizer steps. */
  public long step() {
    return step;
  }

  public String name() {
    return shape.id().name();
  }

  @Override
  public String subject() {
    return name();
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
