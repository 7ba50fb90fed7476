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
 * Each update prunes more where a block of a transformer turns its residual less (Wang et al.,
 * "Adapt-Pruner: adaptive structural pruning for efficient small language model training", 2025):
 * with the importance {@code I} of a weight's block, the mean of {@code 1 − cosine} of what enters
 * and what leaves it,
 *
 * <pre>
 * z = (I − mean I) / max |I − mean I|,    sparsity += step − amplitude · z
 * </pre>
 *
 * <p>The step is the same for all and meets the budget. Weights in no block are as important as the
 * mean.
 */
final class AdaptPrunerAllocation implements AllocationProvider {
  private static final String BATCHES = "batches";
  private static final String AMPLITUDE = "amplitude";
  private static final int MOST = 65_536;

  @Override
  public String name() {
    return "adapt-pruner";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole(BATCHES, 4).number(AMPLITUDE, .02);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    double amplitude = settings.number(AMPLITUDE);
    new Rules()
        .require(BATCHES, batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .require(AMPLITUDE, amplitude, amplitude >= 0 && amplitude <= 1, "from 0 to 1")
        .verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new ByBlocks(
        StatisticRequest.of(new ResidualChange(Distance.COSINE, 1, false), settings.whole(BATCHES)),
        settings.number(AMPLITUDE),
        Map.of());
  }

  /** Offsets are those of one update; none of an allocation that is not one's. */
  private record ByBlocks(
      StatisticRequest changes, double amplitude, Map<ParameterId, Double> offsets)
      implements Allocation {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(changes);
    }

    @Override
    public Allocation at(List<ScoredParameter> parameters) {
      Map<ParameterId, Double> importances = BlockChanges.of(parameters, changes);
      double mean = BlockChanges.mean(importances);
      double most =
          importances.values().stream().mapToDouble(each -> Math.abs(each - mean)).max().orElse(0);
      Map<ParameterId, Double> found = new HashMap<>();
      importances.forEach(
          (id, each) -> found.put(id, most > 0 ? amplitude * (each - mean) / most : 0));
      return new ByBlocks(changes, amplitude, found);
    }

    @Override
    public List<Integer> counts(Budget budget, Ranking ranking) {
      double[] kept = new double[budget.units().size()];
      for (int p = 0; p < kept.length; p++) {
        double offset = offsets.getOrDefault(budget.parameters().get(p).id(), 0.0);
        kept[p] = budget.caps().get(p) + offset * budget.units().get(p);
      }
      return ShiftedShares.counts(budget, kept);
    }
  }
}
