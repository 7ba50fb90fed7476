package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Mean products of what a layer's weight multiplies with what the weight of each earlier layer does
 * whose output is added to its own, {@code [features, features of the earlier layer]}, an array for
 * each of these: over the rows of {@link InputStatistic}, of which both layers have one for each
 * example and place of the sum.
 */
public enum AddendProducts implements Statistic {
  OF_INPUTS;

  public static final String OBSERVER = "addend-products";

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups, List<ParameterShape> addends) {
    return addends.stream()
        .map(each -> new int[] {InputStatistic.features(weight), InputStatistic.features(each)})
        .toList();
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
