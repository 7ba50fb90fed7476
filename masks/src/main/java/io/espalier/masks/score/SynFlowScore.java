package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.SynapticFlow;
import java.util.List;

/**
 * The flow through a connection with no regard to data: {@code |w · ∂R/∂w|} of the sum of outputs
 * for an input of ones, where each parameter is its absolute value ("Pruning neural networks
 * without any data by iteratively conserving synaptic flow", Tanaka, Kunin, Yamins and Ganguli,
 * 2020). The paper prunes in 100 rounds before the first step; here each mask update is a round.
 */
final class SynFlowScore implements ScoreProvider {
  @Override
  public String name() {
    return "synflow";
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Flow(new StatisticRequest(SynapticFlow.OF_WEIGHTS, 1, Units.CANDIDATES));
  }

  private record Flow(StatisticRequest gradients) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] slopes = of.statistic(gradients);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = Math.abs(of.weights()[unit] * slopes[unit]);
      }
    }
  }
}
