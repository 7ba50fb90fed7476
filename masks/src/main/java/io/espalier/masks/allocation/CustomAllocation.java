package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomCode;
import io.espalier.masks.selection.Ranking;
import java.util.List;

/** Errors in a user's allocation name it. */
record CustomAllocation(CustomCode code, Allocation allocation) implements Allocation {
  static Allocation of(AllocationProvider provider, MemberSettings settings) {
    CustomCode code = CustomCode.of(provider);
    return new CustomAllocation(code, code.prepare("be created", () -> provider.create(settings)));
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    List<Integer> counts =
        code.run("share out the budget", () -> List.copyOf(allocation.counts(budget, ranking)));
    if (counts.size() != budget.parameters().size()) {
      throw code.broken(
          "give one count per parameter: parameters=%d, counts=%d"
              .formatted(budget.parameters().size(), counts.size()));
    }
    for (int p = 0; p < counts.size(); p++) {
      int count = counts.get(p);
      if (count < budget.floors().get(p) || count > budget.caps().get(p)) {
        throw code.broken(
            "keep from floor to cap units of each parameter: parameter=%s, count=%d, floor=%d, cap=%d"
                .formatted(
                    budget.parameters().get(p).id().name(),
                    count,
                    budget.floors().get(p),
                    budget.caps().get(p)));
      }
    }
    long sum = counts.stream().mapToLong(Integer::longValue).sum();
    if (sum != budget.kept()) {
      throw code.broken(
          "keep exactly the budget: kept=%d, budget=%d".formatted(sum, budget.kept()));
    }
    return counts;
  }
}
