package io.espalier.masks.allocation;

import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Densities in fixed proportions: all alike, or larger for small parameters.
 *
 * <p>Uniform, or Erdős–Rényi ("Scalable training of artificial neural networks with adaptive sparse
 * connectivity", Mocanu et al., 2018) with the kernel variant ("Rigging the lottery", Evci et al.,
 * 2020).
 *
 * @param scale raw density of a parameter, above 0; only ratios matter
 */
record ProportionalAllocation(ToDoubleFunction<ParameterShape> scale) implements Allocation {
  static Allocation uniform() {
    return new ProportionalAllocation(shape -> 1);
  }

  /** Density grows as {@code ((in + out) / (in · out))^power}. */
  static Allocation erdosRenyi(double power) {
    return new ProportionalAllocation(
        shape -> StrictMath.pow(scale(shape.dimensions().subList(0, 2)), power));
  }

  /** As {@link #erdosRenyi}, with kernel sizes in sum and product. */
  static Allocation erdosRenyiKernel(double power) {
    return new ProportionalAllocation(shape -> StrictMath.pow(scale(shape.dimensions()), power));
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    double[] proportions =
        budget.parameters().stream().mapToDouble(shape -> density(shape) * shape.size()).toArray();
    return LargestRemainder.round(budget, KeepShares.of(budget, proportions));
  }

  private double density(ParameterShape shape) {
    double density = scale.applyAsDouble(shape);
    if (!(density > 0 && density <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a raw density must be finite and above 0: parameter=%s, density=%s"
              .formatted(shape.id().name(), density));
    }
    return density;
  }

  private static double scale(List<Integer> dimensions) {
    double sum = 0;
    double product = 1;
    for (int dimension : dimensions) {
      sum += dimension;
      product *= dimension;
    }
    return sum / product;
  }
}
