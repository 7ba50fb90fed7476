package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.random.CounterRandom;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import java.util.List;

/**
 * Units return at random ("Scalable training of artificial neural networks with adaptive sparse
 * connectivity inspired by network science", Mocanu et al., 2018). The paper drops the smallest
 * positive and the largest negative weights, a share of each ({@code drop = sign}); by default the
 * weights of smallest magnitude go.
 */
final class SparseEvolution implements RegrowthProvider {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x7365742d67726fL;

  private static final String DROP = "drop";
  private static final String BY_MAGNITUDE = "magnitude";
  private static final String BY_SIGN = "sign";
  private static final List<String> DROPS = List.of(BY_MAGNITUDE, BY_SIGN);

  @Override
  public String name() {
    return "set";
  }

  @Override
  public PluginKeys keys() {
    return RegrowthProvider.exchangeKeys(new Span.Epochs(1)).name(DROP, BY_MAGNITUDE);
  }

  @Override
  public void check(MemberSettings settings) {
    String drop = settings.text(DROP);
    RegrowthProvider.exchangeRules(settings)
        .require(DROP, drop, DROPS.contains(drop), "magnitude or sign", DROPS)
        .verify();
  }

  @Override
  public Regrowth create(MemberSettings settings, long seed) {
    Regrowth random = new AtRandom(seed);
    return settings.text(DROP).equals(BY_SIGN) ? new BySign(random) : random;
  }

  private record AtRandom(long seed) implements Regrowth {
    @Override
    public void score(ScoredParameter of, float[] scores) {
      CounterRandom random = CounterRandom.of(seed, DOMAIN, of.index(), of.step());
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = random.uniformFloat(unit);
      }
    }
  }

  private record BySign(Regrowth regrowth) implements Regrowth {
    @Override
    public Score holding() {
      return new SignedMagnitude();
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      regrowth.score(of, scores);
    }
  }
}
