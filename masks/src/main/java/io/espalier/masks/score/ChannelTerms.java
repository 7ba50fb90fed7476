package io.espalier.masks.score;

import java.util.List;

/**
 * The importance of a channel by terms that add up over all of its parameters, once per sample of
 * data: the mean over samples of {@link #value} of each sum.
 */
public interface ChannelTerms {
  /**
   * Returns for each sample one term per index of an axis of a weight.
   *
   * @param axis 0 for what gives channels, 1 for what reads them
   * @param weightsOnly without what biases and norm parameters behind the outputs add
   */
  List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly);

  /** Whether only what gives a channel has terms, whichever members the recipe counts. */
  default boolean isOfGivers() {
    return false;
  }

  /** What counts of the sum of a channel's terms in one sample; 0 or more. */
  double value(double sum);
}
