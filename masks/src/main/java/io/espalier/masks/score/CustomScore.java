package io.espalier.masks.score;

import io.espalier.configs.CustomSettings;
import io.espalier.configs.custom.CustomCode;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import io.espalier.masks.ParameterId;
import java.util.Arrays;
import java.util.Optional;

/**
 * A user's score, whose failures and impossible values name it; it sees copies of what it scores.
 */
final class CustomScore implements Score {
  private final CustomCode code;
  private final Score score;
  private final Optional<StatisticRequest> demand;

  private CustomScore(CustomCode code, Score score) {
    this.code = code;
    this.score = score;
    this.demand = code.prepare("say what it demands", score::demand);
  }

  static Score of(CustomSettings settings, long seed) {
    ScoreProvider provider =
        CustomMembers.installed().require(CustomFamily.SCORE, settings, ScoreProvider.class);
    CustomCode code = CustomCode.of(provider);
    return new CustomScore(code, code.prepare("be created", () -> provider.create(settings, seed)));
  }

  @Override
  public Optional<StatisticRequest> demand() {
    return demand;
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
    for (int unit = 0; unit < given.length; unit++) {
      if (!(given[unit] >= 0 && given[unit] <= Float.MAX_VALUE)) {
        throw code.broken(
            "give each unit a finite score of 0 or more: parameter=%s, unit=%d, score=%s"
                .formatted(id.name(), unit, given[unit]));
      }
      scores[unit] = given[unit] + 0f; // turns -0 into 0, below which it would be ranked
    }
  }
}
