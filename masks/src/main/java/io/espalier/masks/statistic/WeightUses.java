package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * The multiply-accumulates that one weight of a parameter takes per example, {@code [1]}: one for
 * each place or position where its layer is applied, 0 of an embedding. Nothing is measured for
 * them, as the network's shapes say them.
 */
public record WeightUses() implements Statistic {
  public static final StatisticRequest REQUEST = StatisticRequest.of(new WeightUses(), 1);

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
    return List.of(new int[] {1});
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
