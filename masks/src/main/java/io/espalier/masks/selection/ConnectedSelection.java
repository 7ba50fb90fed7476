package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Groups;
import java.util.List;
import java.util.function.Supplier;

/**
 * The best weights of each parameter, but where a hidden channel is read and not given, or given
 * and not read, a weight that connects it takes the place of a worse one of its parameter ("Why
 * random pruning is all we need to start sparse", Gadhikar, Mukherjee and Burkholz, 2023).
 */
final class ConnectedSelection implements SelectionProvider {
  @Override
  public String name() {
    return "connected";
  }

  @Override
  public Selection create(MemberSettings settings) {
    return new Unplaced();
  }

  /** Knows no network yet. */
  private record Unplaced() implements Selection {
    @Override
    public Selection in(Supplier<Groups> groups) {
      Groups all = groups.get();
      return (ranking, parameters, counts) ->
          new FlowRepair(all, parameters, ranking, ranking.top(counts)).repaired();
    }

    @Override
    public List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts) {
      throw new IllegalStateException("selection = connected must know the network's channels");
    }
  }
}
