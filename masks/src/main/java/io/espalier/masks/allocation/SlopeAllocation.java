package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.LossSlope;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * More weights where the loss is steeper: by the root mean square of the gradient by a layer's
 * weights, from losses on either side of random steps and without a backward pass (ECoFLaP; Sung,
 * Yoon and Bansal, "ECoFLaP: efficient coarse-to-fine layer-wise pruning for vision-language
 * models", 2024, whose ratios have a largest sparsity for a spread).
 */
final class SlopeAllocation implements AllocationProvider {
  private static final String BATCHES = "batches";
  private static final String DIRECTIONS = "directions";
  private static final String SPREAD = "spread";
  private static final int MOST = 65_536;

  @Override
  public String name() {
    return "ecoflap";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole(BATCHES, 4).whole(DIRECTIONS, 8).number(SPREAD, .1);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    int directions = settings.whole(DIRECTIONS);
    double spread = settings.number(SPREAD);
    new Rules()
        .require(BATCHES, batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .require(DIRECTIONS, directions, directions >= 1 && directions <= MOST, "from 1 to " + MOST)
        .require(SPREAD, spread, spread >= 0 && spread <= 1, "from 0 to 1")
        .verify();
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new BySlopes(
        StatisticRequest.of(new LossSlope(settings.whole(DIRECTIONS)), settings.whole(BATCHES)),
        settings.number(SPREAD));
  }

  private record BySlopes(StatisticRequest slopes, double spread) implements Allocation {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(slopes);
    }

    @Override
    public Allocation at(List<ScoredParameter> parameters) {
      Map<ParameterId, Double> importances = new HashMap<>();
      for (ScoredParameter parameter : parameters) {
        double square = parameter.statistic(slopes)[0];
        importances.put(parameter.shape().id(), Math.sqrt(square / parameter.shape().size()));
      }
      return new LayerDensities(importances, 2 * spread, 0);
    }

    @Override
    public List<Integer> counts(Budget budget, Ranking ranking) {
      throw new IllegalStateException("an allocation by statistics must be that of an update");
    }
  }
}
