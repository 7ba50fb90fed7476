package io.espalier.masks.score;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recipe's scores of single weights. They are 0 or more, but for a score with a signed form where
 * channels drop the sign of their result: these are {@code −w · ∂L/∂w}, by which the loss rises as
 * the weight goes, to the first order. Immutable.
 */
public final class ElementScores {
  private final Score score;
  private final Optional<StatisticRequest> gradient;

  private ElementScores(Score score, Optional<StatisticRequest> gradient) {
    this.score = score;
    this.gradient = gradient;
  }

  public static ElementScores of(PruneConfig config, long seed) {
    Score score = Scores.of(config.score(), seed);
    boolean signed =
        config.granularity() instanceof GranularityConfig.Channel channel
            && channel.scoring().signs() == Signs.RESULT;
    return new ElementScores(score, signed ? score.gradientRequest() : Optional.empty());
  }

  /** The statistic that the scores need beside the weights. */
  public Optional<StatisticRequest> request() {
    return gradient.or(score::request);
  }

  /** Whether scores are random draws; channels then have one draw each. */
  public boolean areDrawn() {
    return score.isDrawn();
  }

  /**
   * One finite score per weight; {@code weights} are not changed, {@code statistics} answer {@link
   * #request}.
   */
  public List<float[]> of(
      List<ParameterId> prunable, List<float[]> weights, ScoreStatistics statistics) {
    List<float[]> values = request().map(statistics::of).orElse(weights);
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
