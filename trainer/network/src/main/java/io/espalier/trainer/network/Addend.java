package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A layer whose output is added to others, as it is or as a batch norm alone gives it: what changes
 * in the output changes in the sum, times a factor.
 *
 * @param unfold what of its input the weight multiplies, in one group
 * @param norm between the layer and the sum
 * @param isReadOnce whether nothing but the sum depends on the output
 */
public record Addend(
    ParameterShape weight, Unfold unfold, Optional<Norm> norm, boolean isReadOnce) {
  /** A batch norm. */
  public record Norm(ParameterId scale, ParameterId variance, float epsilon) {}

  /** The factor of each output, by the values of the norm's parameters. */
  public double[] factors(Function<ParameterId, float[]> values) {
    double[] factors = new double[weight.dimensions().get(0)];
    Arrays.fill(factors, 1);
    norm.ifPresent(
        each -> {
          float[] scales = values.apply(each.scale());
          float[] variances = values.apply(each.variance());
          Arrays.setAll(factors, i -> scales[i] / Math.sqrt(variances[i] + each.epsilon()));
        });
    return factors;
  }
}
