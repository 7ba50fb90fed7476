package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Powers;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Powers of a value and what is made of them, by which norms and activations are spelt out. */
final class PolynomialPattern {
  private static final int HIGHEST = 3;

  private PolynomialPattern() {}

  static Optional<ConvertedValue> power(OperationCall call) {
    Optional<Powers> base = polynomial(call.required(0));
    double exponent = call.required(1) instanceof Fixed fixed ? fixed.constant().single() : 0;
    if (base.isEmpty() || exponent != Math.rint(exponent) || exponent < 2 || exponent > HIGHEST) {
      return Optional.empty();
    }
    Powers power = base.get();
    for (int i = 1; i < exponent; i++) {
      power = multiplied(power, base.get());
    }
    return Optional.of(power);
  }

  /** The product of two polynomials of one value, or of one with a number. */
  static Optional<ConvertedValue> product(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    Optional<Powers> scaled = scaled(left, right).or(() -> scaled(right, left));
    if (scaled.isPresent()) {
      return scaled.map(each -> each);
    }
    return both(left, right)
        .filter(two -> degree(two.get(0)) + degree(two.get(1)) <= HIGHEST)
        .map(two -> multiplied(two.get(0), two.get(1)));
  }

  private static Optional<Powers> scaled(ConvertedValue value, ConvertedValue number) {
    return value instanceof Powers polynomial
            && number instanceof Fixed fixed
            && fixed.constant().size() == 1
        ? Optional.of(
            new Powers(
                polynomial.of(),
                polynomial.coefficients().stream()
                    .map(each -> each * fixed.constant().single())
                    .toList()))
        : Optional.empty();
  }

  /**
   * The sum of two polynomials of one value, one of which is no mere value, or of one with a
   * number.
   */
  static Optional<ConvertedValue> sum(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    if (!(left instanceof Powers || right instanceof Powers)) {
      return Optional.empty();
    }
    return both(left, right)
        .map(two -> added(two.get(0), two.get(1)))
        .or(() -> shifted(left, right))
        .or(() -> shifted(right, left))
        .map(sum -> sum);
  }

  private static Optional<Powers> shifted(ConvertedValue value, ConvertedValue number) {
    return value instanceof Powers polynomial
            && number instanceof Fixed fixed
            && fixed.constant().size() == 1
        ? Optional.of(
            added(polynomial, new Powers(polynomial.of(), List.of(fixed.constant().single()))))
        : Optional.empty();
  }

  /** Both as polynomials of one value. */
  private static Optional<List<Powers>> both(ConvertedValue left, ConvertedValue right) {
    Optional<Powers> one = polynomial(left);
    Optional<Powers> other = polynomial(right);
    return one.isPresent() && other.isPresent() && one.get().of().equals(other.get().of())
        ? Optional.of(List.of(one.get(), other.get()))
        : Optional.empty();
  }

  private static Optional<Powers> polynomial(ConvertedValue value) {
    if (value instanceof Signal signal) {
      return Optional.of(new Powers(signal.bare(), List.of(signal.shift(), signal.scale())));
    }
    return value instanceof Powers polynomial ? Optional.of(polynomial) : Optional.empty();
  }

  static int degree(Powers polynomial) {
    return polynomial.coefficients().size() - 1;
  }

  private static Powers multiplied(Powers left, Powers right) {
    double[] product = new double[degree(left) + degree(right) + 1];
    for (int i = 0; i <= degree(left); i++) {
      for (int j = 0; j <= degree(right); j++) {
        product[i + j] += left.coefficients().get(i) * right.coefficients().get(j);
      }
    }
    return of(left.of(), product);
  }

  private static Powers added(Powers left, Powers right) {
    double[] sum = new double[Math.max(degree(left), degree(right)) + 1];
    for (int i = 0; i < sum.length; i++) {
      sum[i] =
          (i <= degree(left) ? left.coefficients().get(i) : 0)
              + (i <= degree(right) ? right.coefficients().get(i) : 0);
    }
    return of(left.of(), sum);
  }

  private static Powers of(Signal value, double[] coefficients) {
    List<Double> all = new ArrayList<>();
    for (double each : coefficients) {
      all.add(each);
    }
    return new Powers(value, all);
  }

  /** A polynomial that became part of no layer: products and sums of its value (Horner). */
  static Signal computed(OperationCall call, Powers polynomial) {
    List<Double> coefficients = polynomial.coefficients();
    int highest = degree(polynomial);
    Signal base = polynomial.of();
    Signal value = base.times(coefficients.get(highest)).plus(coefficients.get(highest - 1));
    for (int i = highest - 2; i >= 0; i--) {
      Signal before = call.applied(value);
      String product =
          call.draft().add(call.name("power"), new Multiply(), before.node(), base.node());
      value = new Signal(product, base.dimensions(), base.order()).plus(coefficients.get(i));
    }
    return value;
  }
}
