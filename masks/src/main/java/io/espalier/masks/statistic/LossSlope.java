package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Mean square of the slope of a batch's loss along random directions of a layer's weights, from the
 * losses on either side: the squared length of the gradient by them, where no gradient is taken.
 * One value per weight tensor.
 *
 * @param directions of signs, drawn anew for each batch; each takes two passes
 */
public record LossSlope(int directions) implements Statistic {
  public static final String OBSERVER = "loss-slope";

  @Override
  public String observer() {
    return OBSERVER;
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
