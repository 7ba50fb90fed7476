package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Mean square of the change of the network's outputs, over all examples or of the one that changes
 * most, when one layer alone loses its smallest magnitudes: one value for each of so many amounts
 * of its weights, equally far apart, of which the last is all of them. Each amount takes a pass of
 * each batch.
 *
 * @param amounts 1 or more
 * @param worst whether the example that changes most counts alone
 */
public record OutputDistortion(int amounts, boolean worst) implements Statistic {
  public static final String OBSERVER = "output-distortion";

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {amounts});
  }

  @Override
  public Merge merge() {
    return worst ? Merge.MAX : Merge.MEAN;
  }
}
