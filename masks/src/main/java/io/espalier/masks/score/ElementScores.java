package io.espalier.masks.score;

import io.espalier.configs.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.ScoreConfig;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recipe's scores of single weights. They are 0 or more, but for those of Taylor where channels
 * drop the sign of their result: these are {@code −w · ∂L/∂w}, by which the loss rises as the
 * weight goes, to the first order.
 *
 * <p>Immutable.
 */
public final class ElementScores {
  private final Score score;
  private final Optional<StatisticRequest> gradient;

  private ElementScores(Score score, Optional<StatisticRequest> gradient) {
    this.score = score;
    this.gradient = gradient;
  }

  /** The scores that a recipe asks for; {@code seed} is the run's. */
  public static ElementScores of(PruneConfig config, long seed) {
    return new ElementScores(Scores.of(config.score(), seed), gradient(config));
  }

  private static Optional<StatisticRequest> gradient(PruneConfig config) {
    return config.score() instanceof ScoreConfig.Taylor taylor
            && config.granularity() instanceof GranularityConfig.Channel channel
            && channel.scoring().signs() == Signs.RESULT
        ? Optional.of(
            new StatisticRequest(
                Statistic.GRADIENT, taylor.batches(), StatisticRequest.Units.CANDIDATES))
        : Optional.empty();
  }

  /** What they need beside weights; empty if nothing. */
  public Optional<StatisticRequest> demand() {
    return gradient.or(score::demand);
  }

  /**
   * One finite score for each weight.
   *
   * @param prunable parameters with masks, in order
   * @param weights one array for each of them; not changed
   * @param evidence what {@link #demand} asks for
   */
  public List<float[]> of(
      List<ParameterId> prunable, List<float[]> weights, ScoreStatistics evidence) {
    List<float[]> values = demand().map(evidence::of).orElse(weights);
    List<float[]> scores = new ArrayList<>();
    for (int p = 0; p < prunable.size(); p++) {
      float[] each = new float[values.get(p).length];
      if (gradient.isPresent()) {
        for (int unit = 0; unit < each.length; unit++) {
          each[unit] = -weights.get(p)[unit] * values.get(p)[unit];
        }
      } else {
        score.score(prunable.get(p), p, values.get(p), each);
      }
      scores.add(each);
    }
    return scores;
  }
}
