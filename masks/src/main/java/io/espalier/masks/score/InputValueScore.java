package io.espalier.masks.score;

import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Weights by a value of the input that they multiply alone; a channel by the mean of it over the
 * weights that read it, added up over layers that do.
 *
 * @param ofMeasured the values of all features, {@code [groups, features]}, from the statistic
 */
record InputValueScore(StatisticRequest measured, UnaryOperator<float[]> ofMeasured)
    implements Score {
  @Override
  public List<StatisticRequest> requests() {
    return List.of(measured);
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return Optional.of(new ReaderTerms(this, true));
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    InputFeatures.visit(
        of, ofMeasured.apply(of.statistic(measured)), (unit, value) -> scores[unit] = value);
  }

  /**
   * Variance of the input, divided by the number of rows (Berisha et al., "Variance-based pruning
   * for accelerating and compressing trained networks", 2025; the paper divides by one less). Its
   * compensation is the refit {@code mean-folding}.
   */
  static Score variance(int batches) {
    return new InputValueScore(Moments.request(batches), Moments::variances);
  }
}
