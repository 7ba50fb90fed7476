package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;

/**
 * Units return where the loss falls fastest, by the magnitude of their dense gradient ("Rigging the
 * lottery: making all tickets winners", Evci et al., 2020).
 */
final class RigL implements RegrowthProvider {
  @Override
  public String name() {
    return "rigl";
  }

  /** {@code batches}: batches per trainer over which the gradient is averaged. */
  @Override
  public PluginKeys keys() {
    return RegrowthProvider.exchangeKeys(new Span.Steps(100)).whole("batches", 1);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole("batches");
    RegrowthProvider.exchangeRules(settings)
        .require("batches", batches, batches >= 1 && batches <= 1000, "from 1 to 1000")
        .verify();
  }

  @Override
  public Regrowth create(MemberSettings settings, long seed) {
    return new ByGradient(StatisticRequest.of(WeightStatistic.GRADIENT, settings.whole("batches")));
  }

  private record ByGradient(StatisticRequest gradients) implements Regrowth {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public boolean shareFalls() {
      return true;
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] gradient = of.statistic(gradients);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = Math.abs(gradient[unit]);
      }
    }
  }
}
