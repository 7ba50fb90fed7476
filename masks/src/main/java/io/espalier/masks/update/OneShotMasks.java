package io.espalier.masks.update;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The masks of one update of a dense network, those of {@link MaskUpdater}, without its weights in
 * memory: scores are computed of one parameter after the other, up to four times each. Memory holds
 * weights and scores of one parameter, two bits per prunable weight, and four bytes per prunable
 * weight more where a unit has several. Not thread-safe.
 */
public final class OneShotMasks {
  private final List<ParameterShape> parameters;
  private final Score score;
  private final Units units;
  private final RankedUnits ranked;
  private final double sparsity;
  private final long kept;

  private OneShotMasks(PruneConfig config, long seed, List<ParameterShape> prunable) {
    this.parameters = List.copyOf(prunable);
    this.score = Scores.of(config.score(), seed);
    this.units = UnitFamily.of((GranularityConfig.Units) config.granularity(), parameters);
    this.ranked = RankedUnits.of(config, parameters, units);
    this.sparsity = config.sparsity();
    this.kept = units.kept(sparsity);
  }

  /**
   * @param config with a score of weights alone, and units that are not channels
   * @throws InvalidConfigException if more units are protected than the sparsity keeps
   */
  public static OneShotMasks of(PruneConfig config, long seed, List<ParameterShape> prunable) {
    OneShotMasks masks = new OneShotMasks(config, seed, prunable);
    long floors = masks.ranked.floors().stream().mapToLong(Integer::longValue).sum();
    if (floors > masks.kept) {
      throw InvalidConfigException.of(
          "prune.min-keep",
          "must not protect more units than the sparsity keeps: min-keep=%s, protected=%d, sparsity=%s, kept=%d"
              .formatted(config.minKeep(), floors, config.sparsity(), masks.kept));
    }
    return masks;
  }

  /**
   * Kept weights of each parameter.
   *
   * @param weights the weights of a parameter, row-major, by its place; the same every time
   */
  public List<Mask> keep(IntFunction<float[]> weights) {
    List<Mask> candidates =
        IntStream.range(0, parameters.size())
            .mapToObj(p -> Mask.allKept(ranked.units().counts().get(p)))
            .toList();
    return ranked.keep(Ranking.computed(new LatestScores(weights), candidates), sparsity, kept);
  }

  /** Scores of units; those computed last are held, as selections read some of them in turn. */
  private final class LatestScores implements IntFunction<float[]> {
    private final IntFunction<float[]> weights;
    private int latest = -1;
    private float[] scores = new float[0];

    LatestScores(IntFunction<float[]> weights) {
      this.weights = weights;
    }

    @Override
    public float[] apply(int p) {
      if (p != latest) {
        scores = new float[0]; // those before and the new ones are never in memory together
        float[] each = new float[parameters.get(p).size()];
        score.score(scored(p), each);
        scores = units.lift(p, each);
        latest = p;
      }
      return scores;
    }

    private ScoredParameter scored(int p) {
      ParameterShape shape = parameters.get(p);
      Mask all = Mask.allKept(shape.size());
      return new ScoredParameter(shape, p, weights.apply(p), all, 0, Statistics.none());
    }
  }
}
