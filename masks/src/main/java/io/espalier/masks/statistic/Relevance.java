package io.espalier.masks.statistic;

/**
 * The part of the logit of an example's label that a weight passes on when the logit is carried
 * back layer by layer, of either sign, mean over examples. Over the weights of an output, or of an
 * input, it adds up to the relevance of these. One value per weight.
 */
public enum Relevance implements WeightMean {
  OF_LABELS;

  public static final String OBSERVER = "relevance";

  @Override
  public String observer() {
    return OBSERVER;
  }
}
