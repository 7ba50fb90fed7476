package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomCode;
import io.espalier.masks.ParameterId;
import java.util.Arrays;
import java.util.Optional;

/** A user's score, which gets copies of the values; errors name it. */
final class CustomScore implements Score {
  private final CustomCode code;
  private final Score score;
  private final Optional<StatisticRequest> request;
  private final Optional<StatisticRequest> gradientRequest;
  private final boolean drawn;

  private CustomScore(CustomCode code, Score score) {
    this.code = code;
    this.score = score;
    this.request = code.prepare("name the statistic it needs", score::request);
    this.gradientRequest = code.prepare("name the gradient it needs", score::gradientRequest);
    this.drawn = code.prepare("say whether it draws", score::isDrawn);
  }

  static Score of(ScoreProvider provider, MemberSettings settings, long seed) {
    CustomCode code = CustomCode.of(provider);
    return new CustomScore(code, code.prepare("be created", () -> provider.create(settings, seed)));
  }

  @Override
  public Optional<StatisticRequest> request() {
    return request;
  }

  @Override
  public Optional<StatisticRequest> gradientRequest() {
    return gradientRequest;
  }

  @Override
  public boolean isDrawn() {
    return drawn;
  }

  @Override
  public void score(ParameterId id, int parameterIndex, float[] values, float[] scores) {
    float[] given =
        code.run(
            "score " + id.name(),
            () -> {
              float[] own = new float[values.length];
              Arrays.fill(own, Float.NaN);
              score.score(id, parameterIndex, values.clone(), own);
              return own;
            });
    code.copyScores(given, scores, id.name());
  }
}
