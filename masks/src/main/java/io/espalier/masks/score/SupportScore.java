package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.algebra.LowRankCurvature;
import io.espalier.masks.algebra.SupportSearch;
import io.espalier.masks.statistic.GradientRows;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How long a weight stays in the supports that a {@link SupportSearch} goes through, layer by layer
 * (CHITA; Benbaki et al., "Fast as CHITA: neural network pruning with combinatorial optimization",
 * 2023). From all weights of a layer to a hundredth of them there are {@code stages} supports, each
 * smaller by the same factor. A weight that leaves has what its stage raises the model's loss by,
 * per weight that leaves, so that layers compare; within a stage, and among those that are left at
 * the end, larger weights have more. The update of what stays is the refit {@code chita}.
 *
 * <p>A layer that keeps as many weights as a stage has that stage's support; between two stages it
 * has the support of the smaller one and the largest of what that left. The paper searches for one
 * number of weights over all layers.
 */
final class SupportScore implements ScoreProvider {
  private static final String ROWS = "rows";
  private static final String STAGES = "stages";
  private static final String SLOPE = "slope";
  private static final double LEAST_SHARE = .01;

  /** So that later stages have larger scores though their loss may rise more slowly. */
  private static final double LEAST_RISE = 1.01;

  @Override
  public String name() {
    return "chita";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(DataBatches.keys(4).whole(ROWS, 16)).whole(STAGES, 16).flag(SLOPE, false);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int rows = settings.whole(ROWS);
    int stages = settings.whole(STAGES);
    Rules rules =
        new Rules()
            .require(ROWS, rows, rows >= 1 && rows <= 1_000, "from 1 to 1000")
            .require(STAGES, stages, stages >= 1 && stages <= 1_000, "from 1 to 1000");
    Damping.OF_ROWS.require(rules, settings).verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new BySupports(
        GradientRows.over(settings.whole(ROWS), DataBatches.of(settings)),
        Damping.of(settings),
        settings.whole(STAGES),
        settings.flag(SLOPE));
  }

  private record BySupports(StatisticRequest gradients, double damping, int stages, boolean slope)
      implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      int[] candidates =
          IntStream.range(0, scores.length).filter(of.candidates()::isKept).toArray();
      if (candidates.length == 0) {
        return;
      }
      SupportSearch search =
          new SupportSearch(
              new LowRankCurvature(of.statistic(gradients), scores.length, damping),
              candidates,
              of.weights(),
              slope);
      double least = 0;
      for (int stage = 1; stage <= stages; stage++) {
        int size =
            (int)
                Math.ceil(
                    candidates.length * Math.pow(LEAST_SHARE, (double) stage / stages) - 1e-9);
        int[] places = search.places();
        double before = search.loss();
        search.shrink(Math.min(size, places.length));
        int[] left = without(places, search.places());
        if (left.length > 0) {
          double rise = Math.max(0, search.loss() - before) / left.length;
          least = fill(of.weights(), left, least, Math.max(rise, LEAST_RISE * least), scores);
        }
      }
      fill(of.weights(), search.places(), least, 2 * least, scores);
    }

    private static int[] without(int[] places, int[] stay) {
      Set<Integer> kept = new HashSet<>();
      IntStream.of(stay).forEach(kept::add);
      return IntStream.of(places).filter(place -> !kept.contains(place)).toArray();
    }

    /** Scores above {@code least} and up to {@code most}, by the sizes of weights. */
    private static double fill(
        float[] weights, int[] places, double least, double most, float[] scores) {
      Integer[] bySize = IntStream.of(places).boxed().toArray(Integer[]::new);
      Arrays.sort(bySize, Comparator.comparingDouble(place -> Math.abs(weights[place])));
      for (int rank = 0; rank < bySize.length; rank++) {
        double share = (rank + 1.0) / bySize.length;
        scores[bySize[rank]] = (float) (least + share * (most - least));
      }
      return most;
    }
  }
}
