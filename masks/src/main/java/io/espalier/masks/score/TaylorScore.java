package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.StatisticRequest.Statistic;
import io.espalier.masks.score.StatisticRequest.Units;
import java.util.Optional;

/**
 * First-order estimate of what the loss gains by a unit: mean of {@code |w · ∂L/∂w|} over batches
 * ("Importance estimation for neural network pruning", Molchanov et al., 2019).
 */
final class TaylorScore implements ScoreProvider {
  @Override
  public String name() {
    return "taylor";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE.whole("batches", 4);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole("batches");
    new Rules()
        .require("batches", batches, batches >= 1 && batches <= 1000, "from 1 to 1000")
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Taylor(settings.whole("batches"));
  }

  private record Taylor(int batches) implements Score {
    @Override
    public Optional<StatisticRequest> request() {
      return Optional.of(new StatisticRequest(Statistic.TAYLOR, batches, Units.CANDIDATES));
    }

    @Override
    public Optional<StatisticRequest> gradientRequest() {
      return Optional.of(new StatisticRequest(Statistic.GRADIENT, batches, Units.CANDIDATES));
    }

    @Override
    public void score(ParameterId id, int parameterIndex, float[] values, float[] scores) {
      System.arraycopy(values, 0, scores, 0, scores.length);
    }
  }
}
