package io.espalier.masks.channel;

import io.espalier.configs.prune.ChannelLimits;
import io.espalier.configs.prune.ChannelScoring;
import io.espalier.configs.prune.GranularityConfig;
import io.espalier.configs.prune.PruneConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.evidence.Evidence;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.Scores;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.Slices;
import io.espalier.masks.structure.budget.ChannelBudget;
import io.espalier.masks.structure.budget.Limits;
import io.espalier.masks.structure.score.GroupScore;
import io.espalier.masks.structure.score.Magnitude;
import io.espalier.masks.structure.score.Normalisation;
import io.espalier.masks.structure.score.Reduction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which channels a network keeps: scores its weights, then its channels, then chooses. */
public final class ChannelUpdater {
  private final Groups groups;
  private final Cost cost;
  private final Score score;
  private final GroupScore grouping;
  private final Limits limits;

  private ChannelUpdater(PruneConfig config, long seed, Groups groups, Cost cost) {
    GranularityConfig.Channel channel = (GranularityConfig.Channel) config.granularity();
    this.groups = groups;
    this.cost = cost;
    this.score = Scores.of(config.score(), seed);
    this.grouping = grouping(channel.scoring());
    this.limits = limits(channel.limits());
  }

  /**
   * An updater for the channels of a whole network.
   *
   * @param config whose granularity is channels
   * @param cost that the recipe's budget is of
   */
  public static ChannelUpdater of(PruneConfig config, long seed, Groups groups, Cost cost) {
    return new ChannelUpdater(config, seed, groups, cost);
  }

  /**
   * Chooses channels.
   *
   * @param layout what is left of the whole network
   * @param prunable its parameters with masks, in its order
   * @param weights one array for each of them, in its present shape; not changed
   * @param evidence on the gradients, where the score needs it
   * @param candidates for each group of the whole network the channels that may be kept
   * @param sparsity share of the whole network's cost that goes, from 0 to 1
   */
  public ChannelChoice choose(
      Layout layout,
      List<ParameterId> prunable,
      List<float[]> weights,
      Evidence evidence,
      List<Mask> candidates,
      double sparsity) {
    List<float[]> values = score.demand().map(evidence::of).orElse(weights);
    Map<ParameterId, float[]> scores = new HashMap<>();
    for (int p = 0; p < prunable.size(); p++) {
      float[] present = new float[values.get(p).length];
      score.score(prunable.get(p), p, values.get(p), present);
      float[] whole = new float[layout.originalSize(prunable.get(p))];
      int[] places = Slices.originalIndices(layout, prunable.get(p));
      for (int i = 0; i < places.length; i++) {
        whole[places[i]] = present[i];
      }
      scores.put(prunable.get(p), whole);
    }
    List<float[]> channels = grouping.of(groups, id -> Optional.ofNullable(scores.get(id)));
    long budget = (long) Math.floor((1 - sparsity) * cost.dense() * (1 + 1e-12) + 1e-9);
    List<Mask> kept = new ChannelBudget(groups, channels, limits).keep(cost, budget);
    double used = cost.of(kept.stream().map(Mask::kept).toList());
    return new ChannelChoice(kept, used / cost.dense());
  }

  private static GroupScore grouping(ChannelScoring config) {
    Reduction reduction = Reduction.valueOf(config.reduction().name());
    return new GroupScore(
        reduction,
        config.signs() == ChannelScoring.Signs.EACH ? Magnitude.OF_EACH : Magnitude.OF_RESULT,
        reduction,
        Normalisation.valueOf(config.normalisation().name()));
  }

  private static Limits limits(ChannelLimits config) {
    return new Limits(config.mostPruned(), config.leastChannels(), config.multiple());
  }
}
