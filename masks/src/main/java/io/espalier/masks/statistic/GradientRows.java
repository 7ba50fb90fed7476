package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Gradients of the losses of single examples by a layer's weights, a row each: {@code [batches ·
 * rows, weights]}. Where a batch has more examples than rows, a row is the mean of those that are
 * so many apart; rows without an example are 0. The rows of several trainers come one after the
 * other.
 *
 * @param rows of each batch
 */
public record GradientRows(int rows, int batches) implements Statistic {
  public static final String OBSERVER = "gradient-rows";

  public static StatisticRequest over(int rows, int batches) {
    return StatisticRequest.of(new GradientRows(rows, batches), batches);
  }

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {batches * rows, weight.size()});
  }

  @Override
  public Merge merge() {
    return Merge.CONCAT;
  }
}
