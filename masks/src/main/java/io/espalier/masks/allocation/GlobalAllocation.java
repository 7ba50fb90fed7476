package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.selection.Ranking;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One ranking over all parameters, of their scores as they are or on one scale. A parameter's best
 * {@code floor} units are protected, which keeps layers from collapsing; the next-worst units of
 * the others make up for them. Which units of a parameter stay is for its own scores to say.
 */
final class GlobalAllocation implements AllocationProvider {
  private static final String NORMALIZE = "normalize";
  private static final String SENTINEL = "sentinel";

  @Override
  public String name() {
    return "global";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.name(NORMALIZE, ScoreScale.NONE.word()).share(SENTINEL, 0.5);
  }

  @Override
  public void check(MemberSettings settings) {
    String scale = settings.text(NORMALIZE);
    double sentinel = settings.number(SENTINEL);
    new Rules()
        .require(
            NORMALIZE,
            scale,
            Arrays.stream(ScoreScale.values()).anyMatch(each -> each.word().equals(scale)),
            Arrays.stream(ScoreScale.values())
                .map(ScoreScale::word)
                .collect(Collectors.joining(", ", "one of ", "")))
        .require(SENTINEL, sentinel, sentinel >= 0 && sentinel <= 1, "from 0 to 1")
        .verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    ScoreScale scale = ScoreScale.of(settings.text(NORMALIZE));
    double sentinel = settings.number(SENTINEL);
    return (budget, ranking) ->
        scaled(ranking, scale, sentinel).topCounts(budget.kept(), budget.floors());
  }

  private static Ranking scaled(Ranking ranking, ScoreScale scale, double sentinel) {
    return scale == ScoreScale.NONE
        ? ranking
        : Ranking.of(
            IntStream.range(0, ranking.candidates().size())
                .mapToObj(
                    p -> scale.apply(ranking.scores(p), ranking.candidates().get(p), sentinel))
                .toList(),
            ranking.candidates());
  }
}
