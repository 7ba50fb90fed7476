package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.score.StatisticRequest;
import io.espalier.masks.score.StatisticRequest.Statistic;
import java.util.Optional;

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
  public CustomKeys keys() {
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
    return new ByGradient(settings.whole("batches"));
  }

  private record ByGradient(int batches) implements Regrowth {
    @Override
    public Optional<StatisticRequest> request() {
      return Optional.of(
          new StatisticRequest(Statistic.GRADIENT, batches, StatisticRequest.Units.ALL));
    }

    @Override
    public boolean shareFalls() {
      return true;
    }

    @Override
    public void score(int parameterIndex, long step, float[] gradients, float[] scores) {
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = Math.abs(gradients[unit]);
      }
    }
  }
}
