package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomCode;
import io.espalier.masks.score.StatisticRequest;
import java.util.Arrays;
import java.util.Optional;

record CustomRegrowth(
    CustomCode code, Regrowth rule, Optional<StatisticRequest> request, boolean shareFalls)
    implements Regrowth {
  static Regrowth of(RegrowthProvider provider, MemberSettings settings, long seed) {
    CustomCode code = CustomCode.of(provider);
    Regrowth rule = code.prepare("be created", () -> provider.create(settings, seed));
    return new CustomRegrowth(
        code,
        rule,
        code.prepare("name the statistic it needs", rule::request),
        code.prepare("say whether its share falls", rule::shareFalls));
  }

  @Override
  public void score(int parameterIndex, long step, float[] values, float[] scores) {
    float[] given =
        code.run(
            "score units",
            () -> {
              float[] own = new float[values.length];
              Arrays.fill(own, Float.NaN);
              rule.score(parameterIndex, step, values.clone(), own);
              return own;
            });
    code.copyScores(given, scores, "#" + parameterIndex);
  }
}
