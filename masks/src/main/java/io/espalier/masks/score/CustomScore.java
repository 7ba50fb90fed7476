package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A user's score, which gets a copy of the weights; errors name it. */
final class CustomScore implements Score {
  private final PluginGuard code;
  private final Score score;
  private final List<StatisticRequest> requests;
  private final Optional<Score> signed;
  private final Optional<ChannelTerms> channels;
  private final boolean drawn;

  CustomScore(PluginGuard code, Score score) {
    this.code = code;
    this.score = score;
    this.requests =
        code.prepare("name the statistics it needs", () -> List.copyOf(score.requests()));
    this.signed =
        code.prepare("name its signed form", score::signed)
            .map(form -> form == score ? this : new CustomScore(code, form));
    this.channels =
        code.prepare("say how it scores channels", score::channels)
            .map(terms -> new CustomTerms(code, terms));
    this.drawn = code.prepare("say whether it draws", score::isDrawn);
  }

  static Score of(ScoreProvider provider, MemberSettings settings, long seed) {
    PluginGuard code = PluginGuard.of(provider);
    return new CustomScore(code, code.prepare("be created", () -> provider.create(settings, seed)));
  }

  @Override
  public List<StatisticRequest> requests() {
    return requests;
  }

  @Override
  public Optional<Score> signed() {
    return signed;
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return channels;
  }

  @Override
  public boolean isDrawn() {
    return drawn;
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    ScoredParameter copy = of.copy();
    float[] given =
        code.run(
            "score " + of.name(),
            () -> {
              float[] own = new float[scores.length];
              Arrays.fill(own, Float.NaN);
              score.score(copy, own);
              return own;
            });
    code.copyScores(given, scores, of.name());
  }
}
