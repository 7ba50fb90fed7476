package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;

/** Checks the scores of a user's regrowth rule. */
record RegrowthChecks(PluginGuard guard, Regrowth rule, Score score) implements Regrowth {
  static Regrowth created(RegrowthProvider provider, MemberSettings settings, long seed) {
    PluginGuard guard = PluginGuard.of(provider);
    Regrowth rule = guard.prepare("be created", () -> provider.create(settings, seed));
    return guard.around(
        Regrowth.class, rule, new RegrowthChecks(guard, rule, Scores.guarded(guard, rule)));
  }

  @Override
  public Score holding() {
    return Scores.guarded(guard, rule.holding());
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    score.score(of, scores);
  }
}
