package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.random.CounterRandom;

/**
 * Units return at random ("Scalable training of artificial neural networks with adaptive sparse
 * connectivity inspired by network science", Mocanu et al., 2018).
 */
final class SparseEvolution implements RegrowthProvider {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x7365742d67726fL;

  @Override
  public String name() {
    return "set";
  }

  @Override
  public CustomKeys keys() {
    return RegrowthProvider.exchangeKeys(new Span.Epochs(1));
  }

  @Override
  public void check(MemberSettings settings) {
    RegrowthProvider.exchangeRules(settings).verify();
  }

  @Override
  public Regrowth create(MemberSettings settings, long seed) {
    return (of, scores) -> {
      CounterRandom random = CounterRandom.of(seed, DOMAIN, of.index(), of.step());
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = random.uniformFloat(unit);
      }
    };
  }
}
