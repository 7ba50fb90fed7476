package io.espalier.masks.score;

import java.util.List;

/**
 * The importance of a channel by the weights that read it: their scores added up, or the mean for
 * each weight tensor where they are values of the input itself.
 */
record ReaderTerms(Score elements, boolean mean) implements ChannelTerms {
  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    List<Integer> shape = weight.shape().dimensions();
    double[] terms = new double[shape.get(axis)];
    if (axis == 1) {
      float[] scores = new float[weight.weights().length];
      elements.score(weight, scores);
      int kernel = scores.length / (shape.get(0) * terms.length);
      double share = mean ? 1.0 / (shape.get(0) * kernel) : 1;
      for (int unit = 0; unit < scores.length; unit++) {
        terms[unit / kernel % terms.length] += share * scores[unit];
      }
    }
    return List.of(terms);
  }

  @Override
  public double value(double sum) {
    return sum;
  }
}
