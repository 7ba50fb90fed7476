package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Group;
import java.util.List;

/** Errors in a user's allocation name it. */
record CustomAllocation(PluginGuard code, Allocation allocation) implements Allocation {
  static Allocation of(AllocationProvider provider, MemberSettings settings) {
    PluginGuard code = PluginGuard.of(provider);
    return new CustomAllocation(code, code.prepare("be created", () -> provider.create(settings)));
  }

  @Override
  public List<StatisticRequest> requests() {
    return code.prepare("name the statistics it needs", () -> List.copyOf(allocation.requests()));
  }

  @Override
  public Allocation endingAt(double sparsity) {
    return new CustomAllocation(
        code, code.prepare("look at the last sparsity", () -> allocation.endingAt(sparsity)));
  }

  @Override
  public void requirePossible(Budget last, Statistics ofNetwork) {
    code.prepare(
        "say whether it can share out the budget",
        () -> {
          allocation.requirePossible(last, ofNetwork);
          return last;
        });
  }

  @Override
  public Allocation at(List<ScoredParameter> parameters) {
    return new CustomAllocation(
        code, code.run("look at an update", () -> allocation.at(parameters)));
  }

  @Override
  public List<Integer> floors(
      List<ParameterShape> parameters, List<Integer> units, List<Integer> floors) {
    List<Integer> own =
        code.prepare(
            "say what it protects",
            () -> List.copyOf(allocation.floors(parameters, units, floors)));
    for (int p = 0; p < units.size(); p++) {
      if (own.size() != units.size() || own.get(p) < floors.get(p) || own.get(p) > units.get(p)) {
        throw code.broken(
            "protect from the recipe's floors to all units of each parameter: floors=%s, own=%s, units=%s"
                .formatted(floors, own, units));
      }
    }
    return own;
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    List<Integer> counts =
        code.run("share out the budget", () -> List.copyOf(allocation.counts(budget, ranking)));
    budget
        .brokenBy(counts)
        .ifPresent(
            rule -> {
              throw code.broken(rule);
            });
    return counts;
  }

  @Override
  public List<Mask> keep(CostBudget budget, Ranking ranking) {
    List<Mask> kept =
        code.run(
            "keep channels within a cost", () -> List.copyOf(allocation.keep(budget, ranking)));
    if (!budget.allows(ranking, kept)) {
      throw code.broken(
          "keep candidates only, within the limits and the cost: kept=%s, limits=%s, limit=%d"
              .formatted(kept.stream().map(Mask::kept).toList(), budget.limits(), budget.limit()));
    }
    return kept;
  }

  @Override
  public int least(Group group, WidthLimits limits) {
    return code.prepare("say how narrow a group may become", () -> allocation.least(group, limits));
  }
}
