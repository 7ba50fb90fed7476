package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.allocation.Allocation;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.allocation.CostBudget;
import io.espalier.masks.allocation.WidthLimits;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.NonFiniteScoresException;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Groups;
import java.util.List;
import java.util.Locale;

/**
 * Decides which channels a network keeps: scores its weights, then its channels, then chooses.
 * Deterministic. Not thread-safe where the recipe's score is not.
 */
public final class ChannelUpdater {
  private final GranularityConfig.Channel channel;
  private final Groups groups;
  private final Cost cost;
  private final ChannelScores scores;
  private final Allocation allocation;
  private final WidthLimits limits;

  /**
   * The channels that an update keeps.
   *
   * @param kept for each group of the whole network
   * @param scores for each group one per channel, finite and 0 or more; 0 for what was no candidate
   * @param share what those that are kept cost, as a share of the whole network's cost, from 0 to 1
   */
  public record Choice(List<Mask> kept, List<float[]> scores, double share) {
    public Choice {
      kept = List.copyOf(kept);
      scores = List.copyOf(scores);
    }
  }

  private ChannelUpdater(PruneConfig config, long seed, Groups groups, Cost cost) {
    this.channel = (GranularityConfig.Channel) config.granularity();
    this.groups = groups;
    this.cost = cost;
    this.scores = new ChannelScores(config, seed, groups);
    this.allocation = Allocations.of(config.ranking().allocation());
    this.limits = limits(channel.limits());
  }

  /** An updater for the channels of a whole network. */
  public static ChannelUpdater of(PruneConfig config, long seed, Groups groups, Cost cost) {
    return new ChannelUpdater(config, seed, groups, cost);
  }

  private static WidthLimits limits(ChannelLimits config) {
    return new WidthLimits(config.maxRatio(), config.minChannels(), config.roundTo());
  }

  /**
   * Refuses a sparsity from 0 to 1 that no choice can reach, so that no later update fails.
   *
   * @throws InvalidConfigException saying what is possible at most
   */
  public void requirePossible(double sparsity) {
    long least =
        cost.of(groups.all().stream().map(group -> allocation.least(group, limits)).toList());
    long allowed = cost.within(1 - sparsity);
    if (least > allowed) {
      throw InvalidConfigException.of(
          "prune.sparsity",
          ("must not ask for layers without channels: sparsity=%s, budget=%s, allowed=%d of %d,"
                  + " least=%d, so at most %s; with max-ratio=%s, min-channels=%d,"
                  + " round-to=%d every layer keeps channels, and all of them where"
                  + " espalier inspect --groups says why: prune less, or loosen these limits")
              .formatted(
                  sparsity,
                  channel.budget().getClass().getSimpleName().toLowerCase(Locale.ROOT),
                  allowed,
                  cost.dense(),
                  least,
                  mostSparse(least),
                  limits.maxRatio(),
                  limits.minChannels(),
                  limits.roundTo()));
    }
  }

  /** The highest possible sparsity that leaves at least {@code least}, rounded down. */
  private double mostSparse(long least) {
    return Math.floor((1 - (double) least / cost.dense()) * 1e4) / 1e4;
  }

  /**
   * Chooses channels.
   *
   * @param layout what is left of the whole network
   * @param parameters those with masks, in its order and their present shapes
   * @param candidates for each group of the whole network the channels that may be kept: under a
   *     hard mask those that are, under a soft one those that were not cut
   * @param now for each group the channels that are kept now
   * @param sparsity share of the whole network's cost that goes, from 0 to 1, no higher than {@link
   *     #requirePossible} allows
   */
  public Choice choose(
      Layout layout,
      List<ScoredParameter> parameters,
      List<Mask> candidates,
      List<Mask> now,
      double sparsity) {
    List<float[]> found = scores.of(layout, parameters, candidates, now);
    found.forEach(ChannelUpdater::requireFinite);
    CostBudget budget =
        new CostBudget(
            groups, cost, cost.within(1 - sparsity), limits, now.stream().map(Mask::kept).toList());
    List<Mask> kept = allocation.at(parameters).keep(budget, Ranking.of(found, candidates));
    double used = cost.of(kept.stream().map(Mask::kept).toList());
    return new Choice(kept, found, used / cost.dense());
  }

  private static void requireFinite(float[] scores) {
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        throw new NonFiniteScoresException(1);
      }
      if (score < 0) {
        throw new IllegalArgumentException("a channel's score must be 0 or more: score=" + score);
      }
    }
  }
}
