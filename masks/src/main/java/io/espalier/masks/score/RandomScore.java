package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.random.CounterRandom;

/**
 * A fixed draw per unit for the whole run, so that successive masks nest: the control that every
 * method must beat.
 */
final class RandomScore implements ScoreProvider {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Drawn(seed);
  }

  private record Drawn(long seed) implements Score {
    /** Separates these draws from all others of the same seed. */
    private static final long DOMAIN = 0x73636f7265L;

    @Override
    public boolean isDrawn() {
      return true;
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      CounterRandom random = CounterRandom.of(seed, DOMAIN, of.index());
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = random.uniformFloat(unit);
      }
    }
  }
}
