package io.espalier.masks.score;

import java.util.ArrayList;
import java.util.List;

/**
 * Terms in standard deviations from the mean of their layer, which makes layers comparable; a
 * channel's value is the exponential of the sum, which has its order and is above 0.
 */
record Standardised(ChannelTerms terms) implements ChannelTerms {
  /** Beyond it an exponential would leave the range of floats; its channel ranks first anyway. */
  private static final double MOST = 80;

  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    List<double[]> standardised = new ArrayList<>();
    terms.of(weight, axis, weightsOnly).forEach(each -> standardised.add(scores(each)));
    return standardised;
  }

  /** Standard scores with the unbiased deviation; 0 of equal values. */
  private static double[] scores(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    double[] scores = new double[values.length];
    for (int i = 0; deviation > 0 && i < scores.length; i++) {
      scores[i] = (values[i] - mean) / deviation;
    }
    return scores;
  }

  @Override
  public double value(double sum) {
    return Math.exp(Math.max(-MOST, Math.min(MOST, sum)));
  }
}
