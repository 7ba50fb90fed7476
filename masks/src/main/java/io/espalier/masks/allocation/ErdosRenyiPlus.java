package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import java.util.ArrayList;
import java.util.List;

/**
 * The densities of {@link ErdosRenyi} with kernels, but for the last parameter, whose density is
 * fixed (ERK+; Liu et al., "The unreasonable effectiveness of random pruning", 2022). Where the
 * others are dense, it keeps the rest of the budget.
 */
final class ErdosRenyiPlus implements AllocationProvider {
  private static final ErdosRenyi OTHERS = new ErdosRenyi("erk", true);
  private static final String LAST = "last";

  @Override
  public String name() {
    return "erk-plus";
  }

  @Override
  public PluginKeys keys() {
    return OTHERS.keys().share(LAST, 1);
  }

  @Override
  public void check(MemberSettings settings) {
    OTHERS.check(settings);
    double last = settings.number(LAST);
    new Rules().require(LAST, last, last >= 0 && last <= 1, "from 0 to 1").verify();
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new FixedLast(OTHERS.create(settings), settings.number(LAST));
  }

  private record FixedLast(Allocation others, double last) implements Allocation {
    @Override
    public List<Integer> floors(
        List<ParameterShape> parameters, List<Integer> units, List<Integer> floors) {
      List<Integer> more = new ArrayList<>(floors);
      EndFloors.raise(more, units.size() - 1, units, last);
      return more;
    }

    @Override
    public List<Integer> counts(Budget budget, Ranking ranking) {
      int end = budget.units().size() - 1;
      long elsewhere = budget.caps().subList(0, end).stream().mapToLong(Integer::longValue).sum();
      int count = (int) Math.max(budget.floors().get(end), budget.kept() - elsewhere);
      return others.counts(budget.with(end, count), ranking);
    }
  }
}
