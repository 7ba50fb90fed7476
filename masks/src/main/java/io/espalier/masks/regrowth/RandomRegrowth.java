package io.espalier.masks.regrowth;

import io.espalier.masks.random.CounterRandom;

/**
 * Units return at random ("Scalable training of artificial neural networks with adaptive sparse
 * connectivity inspired by network science", Mocanu et al., 2018).
 *
 * @param seed the run's
 */
record RandomRegrowth(long seed) implements Regrowth {
  /** Keeps these draws apart from all others of the same seed. */
  private static final long DOMAIN = 0x7365742d67726fL;

  @Override
  public void score(int parameterIndex, long step, float[] evidence, float[] scores) {
    CounterRandom random = CounterRandom.of(seed, DOMAIN, parameterIndex, step);
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = random.uniformFloat(unit);
    }
  }
}
