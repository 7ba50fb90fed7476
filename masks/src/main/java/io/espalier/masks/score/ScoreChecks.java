package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gives a user's score a copy of the weights, and checks its scores. */
record ScoreChecks(PluginGuard guard, Score score) implements Score {
  static Score around(PluginGuard guard, Score score) {
    return guard.around(Score.class, score, new ScoreChecks(guard, score));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.copyOf(score.requests());
  }

  @Override
  public Optional<Score> signed() {
    return score.signed().map(form -> around(guard, form));
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return score
        .channels()
        .map(terms -> guard.around(ChannelTerms.class, terms, new TermsChecks(guard, terms)));
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    float[] given = new float[scores.length];
    Arrays.fill(given, Float.NaN);
    score.score(of.copy(), given);
    guard.copyScores(given, scores, of.name());
  }
}
