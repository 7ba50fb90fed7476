package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.statistic.ResidualChange.Distance;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * More where a block of a transformer turns its residual more (Wang et al., "CFSP: an efficient
 * structured pruning framework for LLMs with coarse-to-fine activation information", 2025): with
 * the importance {@code I} of a weight's block, the mean angle of what enters and what leaves it,
 *
 * <pre>
 * ratio = σ(slope · (I − mean I)) / mean σ,    density = keep · (1 + t · (ratio − 1))
 * </pre>
 *
 * <p>{@code t} is 1, or less where a block would keep more than {@code keep + (1 − keep) / 1.05}.
 * Weights in no block have the ratio 1. The authors' code adds angles up over 131072 positions and
 * divides by 10000: a slope of 13.1.
 */
final class CfspAllocation implements AllocationProvider {
  private static final String BATCHES = "batches";
  private static final String SLOPE = "slope";
  private static final int MOST = 65_536;
  private static final double MARGIN = 1.05;

  @Override
  public String name() {
    return "cfsp";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole(BATCHES, 4).number(SLOPE, 13.1);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    double slope = settings.number(SLOPE);
    new Rules()
        .require(BATCHES, batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .require(SLOPE, slope, slope >= 0 && slope <= 100, "from 0 to 100")
        .verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new ByBlocks(
        StatisticRequest.of(new ResidualChange(Distance.ANGLE, 1, false), settings.whole(BATCHES)),
        settings.number(SLOPE),
        Map.of());
  }

  /** Ratios are those of one update; none of an allocation that is not one's. */
  private record ByBlocks(StatisticRequest changes, double slope, Map<ParameterId, Double> ratios)
      implements Allocation {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(changes);
    }

    @Override
    public Allocation at(List<ScoredParameter> parameters) {
      Map<ParameterId, Double> importances = BlockChanges.of(parameters, changes);
      double mean = BlockChanges.mean(importances);
      importances.replaceAll((id, each) -> 1 / (1 + Math.exp(-slope * (each - mean))));
      double ofAll = BlockChanges.mean(importances);
      Map<ParameterId, Double> found = new HashMap<>();
      importances.forEach((id, each) -> found.put(id, each / ofAll));
      return new ByBlocks(changes, slope, found);
    }

    @Override
    public List<Integer> counts(Budget budget, Ranking ranking) {
      double spread = spread(1 - budget.sparsity());
      double[] kept = new double[budget.units().size()];
      for (int p = 0; p < kept.length; p++) {
        double ratio = ratios.getOrDefault(budget.parameters().get(p).id(), 1.0);
        kept[p] = budget.units().get(p) * (1 - spread + spread * ratio);
      }
      return LargestRemainder.round(budget, KeepShares.of(budget, kept));
    }

    /** The factor of all distances of ratios from 1. */
    private double spread(double keep) {
      double above = ratios.values().stream().mapToDouble(each -> each - 1).max().orElse(0);
      return above > 0 ? Math.min(1, (1 - keep) / (MARGIN * keep * above)) : 1;
    }
  }
}
