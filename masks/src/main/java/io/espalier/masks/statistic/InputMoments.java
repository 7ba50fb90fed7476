package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Means and then variances of the features that a weight multiplies, over all rows, {@code [2,
 * groups, features]}.
 */
public enum InputMoments implements Statistic {
  /** Variances are divided by the number of rows. */
  POPULATION;

  @Override
  public String observer() {
    return "input-moments";
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {2, groups, InputStatistic.features(weight)});
  }

  @Override
  public Merge merge() {
    return Merge.WELFORD;
  }
}
