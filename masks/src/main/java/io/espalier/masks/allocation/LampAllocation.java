package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.selection.LayerShares;
import io.espalier.masks.selection.Ranking;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One ranking over all parameters of scores on one scale, as {@link LayerShares} (LAMP, Lee et al.,
 * 2021). With magnitudes the same as the score of this name under a global allocation.
 */
final class LampAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return (budget, ranking) ->
        Ranking.of(shares(ranking), ranking.candidates()).topCounts(budget.kept(), budget.floors());
  }

  private static List<float[]> shares(Ranking ranking) {
    return IntStream.range(0, ranking.candidates().size())
        .mapToObj(
            p -> {
              float[] shares = new float[ranking.candidates().get(p).size()];
              LayerShares.of(ranking.scores(p), ranking.candidates().get(p), shares);
              return shares;
            })
        .toList();
  }
}
