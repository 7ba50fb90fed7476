package io.espalier.masks.score;

import io.espalier.masks.statistic.Contributions;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;
import java.util.Optional;

/**
 * Mean share of a weight in what its output sums up, {@code |wᵢ xᵢ| / (Σₖ |wₖ xₖ| + |b|)} ("Small
 * contributions, small networks: efficient neural network pruning based on relative importance",
 * 2024). A channel has the sum over the weights that read it.
 */
record ContributionScore(StatisticRequest shares) implements Score {
  ContributionScore(int batches) {
    this(new StatisticRequest(Contributions.OF_WEIGHTS, batches, Units.CANDIDATES));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(shares);
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return Optional.of(new ReaderTerms(this, false));
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    System.arraycopy(of.statistic(shares), 0, scores, 0, scores.length);
  }
}
