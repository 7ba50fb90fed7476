package io.espalier.masks.allocation;

import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Densities in fixed proportions, as far as floors and caps allow.
 *
 * @param scale raw density of a parameter, above 0; only ratios matter
 */
record ProportionalAllocation(ToDoubleFunction<ParameterShape> scale) implements Allocation {
  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    double[] proportions =
        IntStream.range(0, budget.units().size())
            .mapToDouble(p -> density(budget.parameters().get(p)) * budget.units().get(p))
            .toArray();
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
}
