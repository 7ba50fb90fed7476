package io.espalier.masks.score;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.PruneConfig;
import java.util.ArrayList;
import java.util.List;

/** A recipe's scores of single weights. */
public final class ElementScores {
  private ElementScores() {}

  /** The recipe's score; its signed form, if any, where channels drop the sign of their result. */
  public static Score of(PruneConfig config, long seed) {
    Score score = Scores.of(config.ranking().score(), seed);
    boolean signed =
        config.granularity() instanceof GranularityConfig.Channel channel
            && channel.scoring().signs() == Signs.RESULT;
    return signed ? score.signed().orElse(score) : score;
  }

  /** Scores of all parameters in new arrays. */
  public static List<float[]> of(Score score, List<ScoredParameter> parameters) {
    List<float[]> scores = new ArrayList<>();
    for (ScoredParameter parameter : parameters) {
      float[] each = new float[parameter.weights().length];
      score.score(parameter, each);
      scores.add(each);
    }
    return scores;
  }
}
