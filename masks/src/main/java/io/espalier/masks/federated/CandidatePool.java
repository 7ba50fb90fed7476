package io.espalier.masks.federated;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocation;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.allocation.Budget;
import io.espalier.masks.random.CounterRandom;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The masks from which clients choose the one to start with ("Distributed pruning towards tiny
 * neural networks in federated learning", Huang et al., 2023): all of the same pretrained weights
 * and the same density, but with other densities of the parameters.
 *
 * <p>For each candidate the densities are drawn uniformly around the global one, scaled to meet it
 * exactly, and each parameter keeps that many of its best weights, at least one; the paper ranks by
 * magnitude. A candidate is a function of (seed, index). Not thread-safe.
 */
public final class CandidatePool {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x706f6f6cL;

  private final MaskSet dense;
  private final Ranking ranking;
  private final Budget budget;
  private final double spread;
  private final long seed;

  private CandidatePool(MaskSet dense, Ranking ranking, Budget budget, double spread, long seed) {
    this.dense = dense;
    this.ranking = ranking;
    this.budget = budget;
    this.spread = spread;
    this.seed = seed;
    if (!(spread >= 0 && spread < 1)) {
      throw new IllegalArgumentException(
          "the spread of densities must be from 0 to below 1: spread=" + spread);
    }
  }

  /**
   * Candidates for a pretrained network. {@code weights} has one array per prunable parameter and
   * is not changed; {@code spread}, in [0, 1), bounds the relative deviation of densities from the
   * global one.
   *
   * @param score looks at weights only
   */
  public static CandidatePool of(
      MaskSet dense,
      List<float[]> weights,
      Score score,
      double sparsity,
      double spread,
      long seed) {
    List<Integer> sizes = dense.masks().stream().map(Mask::size).toList();
    List<ParameterShape> shapes =
        dense.parameters().stream().map(id -> dense.layout().shape(id).orElseThrow()).toList();
    Budget budget =
        new Budget(
            shapes,
            sparsity,
            Counts.kept(sparsity, dense.total()),
            Collections.nCopies(sizes.size(), 1),
            sizes);
    List<ScoredParameter> scored =
        ScoredParameter.all(shapes, weights, dense.masks(), 0, Statistics.none());
    Ranking ranking = Ranking.of(ElementScores.of(score, scored), dense.masks());
    return new CandidatePool(dense, ranking, budget, spread, seed);
  }

  /** The first {@code count} candidates, each one version after the dense masks. */
  public List<MaskSet> candidates(int count) {
    return IntStream.range(0, count).mapToObj(this::candidate).toList();
  }

  private MaskSet candidate(int index) {
    CounterRandom random = CounterRandom.of(seed, DOMAIN, index);
    Map<ParameterShape, Double> densities = new HashMap<>();
    for (int p = 0; p < budget.parameters().size(); p++) {
      densities.put(budget.parameters().get(p), 1 + spread * (2 * random.uniform(p) - 1));
    }
    Allocation drawn = Allocations.proportional(densities::get);
    return dense.next(ranking.top(drawn.counts(budget, ranking)));
  }
}
