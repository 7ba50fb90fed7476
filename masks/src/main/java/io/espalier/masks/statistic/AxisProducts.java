package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * For each batch the sums of {@code w · ∂L/∂w} over what lies at one index of a weight's axis: of
 * weights at each output and at each input, and of the biases and norm parameters behind each
 * output. {@code [batches, outputs]}, {@code [batches, inputs]}, {@code [batches, outputs]}, and
 * the batches of several trainers one after the other.
 */
public record AxisProducts(int batches) implements Statistic {
  /**
   * The place of the sums over biases and norm parameters; those over weights are at their axis.
   */
  public static final int BESIDE = 2;

  public static StatisticRequest over(int batches) {
    return StatisticRequest.of(new AxisProducts(batches), batches);
  }

  @Override
  public String observer() {
    return "axis-products";
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    int[] outputs = {batches, weight.dimensions().get(0)};
    return List.of(outputs, new int[] {batches, weight.dimensions().get(1)}, outputs);
  }

  @Override
  public Merge merge() {
    return Merge.CONCAT;
  }
}
