package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;

/**
 * By how much the loss depends on a connection: {@code |w · ∂L/∂w|} of the mean gradient, usually
 * at the first step ("SNIP: single-shot network pruning based on connection sensitivity", Lee,
 * Ajanthan and Torr, 2019). The paper divides by the sum over all layers, which ranks the same.
 */
final class SnipScore implements ScoreProvider {
  @Override
  public String name() {
    return "snip";
  }

  @Override
  public CustomKeys keys() {
    return DataBatches.keys(4);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Sensitivity(
        new StatisticRequest(WeightStatistic.GRADIENT, DataBatches.of(settings), Units.CANDIDATES));
  }

  private record Sensitivity(StatisticRequest gradients) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] gradient = of.statistic(gradients);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = Math.abs(of.weights()[unit] * gradient[unit]);
      }
    }
  }
}
