package io.espalier.masks.update;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.plugin.ScorePlugin;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocations;
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
 * memory: scores are computed of one parameter after the other, up to four times each. Memory has
 * weights and scores of one parameter, two bits per prunable weight and some bytes for each whose
 * score is close to the least that stays, and four bytes per prunable weight more where a unit has
 * several. Not thread-safe.
 */
public final class OneShotMasks {
  private static final MemberSettings MAGNITUDE = MemberSettings.of("magnitude");

  private final List<ParameterShape> parameters;
  private final Score score;
  private final Units units;
  private final RankedUnits ranked;
  private final double sparsity;
  private final long kept;

  private OneShotMasks(PruneConfig given, long seed, List<ParameterShape> prunable) {
    this.parameters = List.copyOf(prunable);
    this.units = UnitFamily.of((GranularityConfig.Units) given.granularity(), parameters);
    PruneConfig config = ofMagnitudes(given);
    this.score = Scores.of(config.ranking().score(), seed);
    this.ranked =
        RankedUnits.of(
            config,
            parameters,
            units,
            () -> {
              throw InvalidConfigException.of(
                  "prune.selection",
                  "must not look at channels, as a file does not say which layers they join: selection=%s; choose free or per-row, or prune while training"
                      .formatted(config.ranking().selection()));
            });
    this.sparsity = config.target().sparsity();
    this.kept = units.kept(sparsity);
  }

  /** Returns the settings that make the same choice by magnitudes; the given ones where none do. */
  private PruneConfig ofMagnitudes(PruneConfig config) {
    return units.areWeights() && config.ranking().allocation().equals(Allocations.global())
        ? PluginRegistry.require(PluginKind.SCORE, config.ranking().score(), ScorePlugin.class)
            .allocationOfMagnitudes()
            .map(
                allocation ->
                    config.with(
                        new RankingConfig(
                            MAGNITUDE,
                            MemberSettings.of(allocation),
                            config.ranking().selection())))
            .orElse(config)
        : config;
  }

  /**
   * The masks of a network.
   *
   * @param config with a score and an allocation of weights alone, and units that are not channels
   * @throws InvalidConfigException if more units are protected than the sparsity keeps
   */
  public static OneShotMasks of(PruneConfig config, long seed, List<ParameterShape> prunable) {
    OneShotMasks masks = new OneShotMasks(config, seed, prunable);
    masks.requireRoom(
        masks.units.floors(config.target().minKeep()), "prune.min-keep", config.target().minKeep());
    masks.requireRoom(masks.ranked.floors(), "prune.allocation", config.ranking().allocation());
    return masks;
  }

  private void requireRoom(List<Integer> floors, String key, Object value) {
    long least = floors.stream().mapToLong(Integer::longValue).sum();
    if (least > kept) {
      throw InvalidConfigException.of(
          key,
          "must not protect more units than the sparsity keeps: %s=%s, protected=%d, sparsity=%s, kept=%d"
              .formatted(key.substring("prune.".length()), value, least, sparsity, kept));
    }
  }

  /** Units that stay, of all parameters; each is a weight unless the units say otherwise. */
  public long keptUnits() {
    return kept;
  }

  /**
   * Kept weights of each parameter.
   *
   * @param weights the weights of a parameter, row-major, by its place; the same every time, and
   *     read no more once those of another are asked for
   */
  public List<Mask> keep(IntFunction<float[]> weights) {
    List<Mask> candidates =
        IntStream.range(0, parameters.size())
            .mapToObj(p -> Mask.allKept(ranked.units().counts().get(p)))
            .toList();
    return ranked.keep(Ranking.computed(new UnitScores(weights), candidates), sparsity, kept);
  }

  /** Scores of units: held are those computed last, and all where a unit has several weights. */
  private final class UnitScores implements IntFunction<float[]> {
    private final IntFunction<float[]> weights;
    private final float[][] held = new float[parameters.size()][];

    /** Whose scores are to be computed again, in the same array where that has the size. */
    private int latest = -1;

    private float[] spare = new float[0];

    UnitScores(IntFunction<float[]> weights) {
      this.weights = weights;
    }

    @Override
    public float[] apply(int p) {
      if (held[p] == null) {
        release(latest); // before others are computed, so that memory never has both
        int size = parameters.get(p).size();
        float[] scores = spare.length == size ? spare : new float[size];
        score.score(scored(p), scores);
        held[p] = units.lift(p, scores);
        spare = scores;
        latest = held[p] == scores ? p : -1;
      }
      return held[p];
    }

    private void release(int p) {
      if (p >= 0) {
        held[p] = null;
      }
    }

    private ScoredParameter scored(int p) {
      ParameterShape shape = parameters.get(p);
      Mask all = Mask.allKept(shape.size());
      return new ScoredParameter(shape, p, weights.apply(p), all, 0, Statistics.none());
    }
  }
}
