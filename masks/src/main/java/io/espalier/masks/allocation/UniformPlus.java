package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import java.util.ArrayList;
import java.util.List;

/**
 * An equal density everywhere, but for the first parameter, which is dense, and the last, which
 * keeps a fifth at least ("The state of sparsity in deep neural networks", Gale, Elsen and Hooker,
 * 2019).
 */
final class UniformPlus implements AllocationProvider {
  private static final String FIRST = "first";
  private static final String LAST = "last";

  @Override
  public String name() {
    return "uniform-plus";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.share(FIRST, 1).share(LAST, 0.2);
  }

  @Override
  public void check(MemberSettings settings) {
    Rules rules = new Rules();
    for (String key : List.of(FIRST, LAST)) {
      double share = settings.number(key);
      rules.require(key, share, share >= 0 && share <= 1, "from 0 to 1");
    }
    rules.verify();
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new Protecting(new EqualShares(), settings.number(FIRST), settings.number(LAST));
  }

  private record Protecting(Allocation others, double first, double last) implements Allocation {
    @Override
    public List<Integer> floors(
        List<ParameterShape> parameters, List<Integer> units, List<Integer> floors) {
      List<Integer> more = new ArrayList<>(floors);
      EndFloors.raise(more, 0, units, first);
      EndFloors.raise(more, units.size() - 1, units, last);
      return more;
    }

    @Override
    public List<Integer> counts(Budget budget, Ranking ranking) {
      return others.counts(budget, ranking);
    }
  }
}
