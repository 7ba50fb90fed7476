package io.espalier.masks.regrowth;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;

/** Checks the scores of a user's regrowth rule. */
record RegrowthChecks(PluginGuard guard, Regrowth rule, Score score) implements Regrowth {
  static Regrowth around(PluginGuard guard, Regrowth rule) {
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
