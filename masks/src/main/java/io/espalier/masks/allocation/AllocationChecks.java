package io.espalier.masks.allocation;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/** Checks what a user's allocation shares out. */
record AllocationChecks(PluginGuard guard, Allocation allocation) implements Allocation {
  static Allocation around(PluginGuard guard, Allocation allocation) {
    return guard.around(Allocation.class, allocation, new AllocationChecks(guard, allocation));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.copyOf(allocation.requests());
  }

  @Override
  public Allocation endingAt(double sparsity) {
    return around(guard, allocation.endingAt(sparsity));
  }

  @Override
  public Allocation at(List<ScoredParameter> parameters) {
    return around(guard, allocation.at(parameters));
  }

  @Override
  public List<Integer> floors(
      List<ParameterShape> parameters, List<Integer> units, List<Integer> floors) {
    List<Integer> own = List.copyOf(allocation.floors(parameters, units, floors));
    for (int p = 0; p < units.size(); p++) {
      if (own.size() != units.size() || own.get(p) < floors.get(p) || own.get(p) > units.get(p)) {
        throw guard.broken(
            "protect from the recipe's floors to all units of each parameter: floors=%s, own=%s, units=%s"
                .formatted(floors, own, units));
      }
    }
    return own;
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    List<Integer> counts = List.copyOf(allocation.counts(budget, ranking));
    budget
        .brokenBy(counts)
        .ifPresent(
            rule -> {
              throw guard.broken(rule);
            });
    return counts;
  }

  @Override
  public List<Mask> keep(CostBudget budget, Ranking ranking) {
    List<Mask> kept = List.copyOf(allocation.keep(budget, ranking));
    if (!budget.allows(ranking, kept)) {
      throw guard.broken(
          "keep candidates only, within the limits and the cost: kept=%s, limits=%s, limit=%d"
              .formatted(kept.stream().map(Mask::kept).toList(), budget.limits(), budget.limit()));
    }
    return kept;
  }
}
