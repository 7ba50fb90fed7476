package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * The averaged scales of the norm right behind a weight that mixes channels, {@code [outputs]}; an
 * empty array where none follows. Nothing is measured for them.
 */
public record NormScales() implements Statistic {
  public static final StatisticRequest REQUEST = StatisticRequest.of(new NormScales(), 1);

  @Override
  public boolean isMeasured() {
    return false;
  }

  @Override
  public String observer() {
    return "none";
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {weight.dimensions().get(0)});
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
