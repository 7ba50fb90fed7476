package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * Mean products of the gradients of examples' own losses by each pair of a layer's outputs, {@code
 * [outputs, outputs]}, over examples and places.
 */
public enum OutputGradientProducts implements Statistic {
  OF_OUTPUTS;

  public static final String OBSERVER = "output-gradient-products";

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    int outputs = weight.dimensions().get(0);
    return List.of(new int[] {outputs, outputs});
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
