package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Built-in statistics of what a layer's weight multiplies: rows of {@code in} features for a linear
 * layer, and for a convolution the patches of {@code in · kH · kW} values under its kernel, for
 * each group of a grouped one. Means are over all rows of all batches.
 */
public enum InputStatistic implements Statistic {
  /** Mean of each feature, {@code [groups, features]}. */
  MEANS("input-means") {
    @Override
    public List<int[]> shapes(ParameterShape weight, int groups) {
      return List.of(new int[] {groups, features(weight)});
    }
  },
  /** Mean square of each feature, {@code [groups, features]}. */
  SQUARES("input-squares") {
    @Override
    public List<int[]> shapes(ParameterShape weight, int groups) {
      return List.of(new int[] {groups, features(weight)});
    }
  },
  /** Mean product of each pair of features, {@code [groups, features, features]}. */
  PRODUCTS("input-products") {
    @Override
    public List<int[]> shapes(ParameterShape weight, int groups) {
      return List.of(new int[] {groups, features(weight), features(weight)});
    }
  };

  private final String observer;

  InputStatistic(String observer) {
    this.observer = observer;
  }

  @Override
  public String observer() {
    return observer;
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }

  /** Features that one output of a weight sums over. */
  public static int features(ParameterShape weight) {
    return weight.size() / weight.dimensions().get(0);
  }
}
