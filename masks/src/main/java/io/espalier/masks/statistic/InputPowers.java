package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Mean of {@code |x|^power} of each feature that a weight multiplies, {@code [groups, features]}.
 */
public record InputPowers(int power) implements Statistic {
  public static final String OBSERVER = "input-powers";

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {groups, InputStatistic.features(weight)});
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
