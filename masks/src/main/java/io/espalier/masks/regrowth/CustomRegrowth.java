package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

record CustomRegrowth(Score score, Score holding, boolean shareFalls) implements Regrowth {
  static Regrowth of(RegrowthProvider provider, MemberSettings settings, long seed) {
    PluginGuard code = PluginGuard.of(provider);
    Regrowth rule = code.prepare("be created", () -> provider.create(settings, seed));
    return new CustomRegrowth(
        Scores.guarded(code, rule),
        Scores.guarded(code, code.prepare("say which units make room", rule::holding)),
        code.prepare("say whether its share falls", rule::shareFalls));
  }

  @Override
  public List<StatisticRequest> requests() {
    return score.requests();
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    score.score(of, scores);
  }
}
