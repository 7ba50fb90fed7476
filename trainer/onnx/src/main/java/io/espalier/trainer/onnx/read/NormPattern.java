package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConvertedValue.Centred;
import io.espalier.trainer.onnx.read.ConvertedValue.Deviation;
import io.espalier.trainer.onnx.read.ConvertedValue.FeatureMean;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Powers;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import io.espalier.trainer.onnx.read.ConvertedValue.Variance;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Layer norm and RMS norm: {@code (x − mean) / √(mean((x − mean)²) + ε)}, with or without the mean.
 * Export writes those of networks that were cut with shares of the means.
 */
final class NormPattern {
  private static final double TOLERANCE = 1e-4;

  private NormPattern() {}

  static Optional<ConvertedValue> mean(OperationCall call) {
    ConvertedValue value = call.required(0);
    if (value instanceof Signal signal && isOverFeatures(call, signal)) {
      return Optional.of(new FeatureMean(call.applied(signal), 1));
    } else if (value instanceof Centred centred
        && centred.squared()
        && isOverFeatures(call, centred.of())) {
      return Optional.of(new Variance(centred.of(), centred.share(), 1, 0, 0));
    } else if (value instanceof Powers square
        && square.coefficients().equals(List.of(0.0, 0.0, 1.0))
        && isOverFeatures(call, square.of())) {
      return Optional.of(new Variance(square.of(), 0, 1, 0, 0));
    }
    return Optional.empty();
  }

  /** Whether a mean is over features alone, and keeps their axis; a vector is no position. */
  private static boolean isOverFeatures(OperationCall call, Signal signal) {
    OptionalInt axis = SequenceView.featureAxis(call.draft(), signal);
    List<Integer> axes = call.axes(signal.dimensions().size() + 1);
    return axis.isPresent()
        && axes.equals(List.of(axis.getAsInt() + 1))
        && call.attributes().whole("keepdims", 1) == 1;
  }

  static Optional<ConvertedValue> centred(OperationCall call) {
    return call.required(0) instanceof Signal signal
            && call.required(1) instanceof FeatureMean mean
            && mean.of().equals(signal)
        ? Optional.of(new Centred(signal, mean.factor(), false))
        : Optional.empty();
  }

  static Optional<ConvertedValue> power(OperationCall call) {
    OptionalDouble exponent = number(call.required(1));
    if (call.required(0) instanceof Centred centred
        && !centred.squared()
        && exponent.equals(OptionalDouble.of(2))) {
      return Optional.of(new Centred(centred.of(), centred.share(), true));
    } else if (call.required(0) instanceof Variance variance
        && exponent.isPresent()
        && Math.abs(exponent.getAsDouble()) == 0.5) {
      return Optional.of(new Deviation(variance, exponent.getAsDouble() < 0));
    }
    return Optional.empty();
  }

  static Optional<ConvertedValue> product(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    if (left instanceof Centred centred && !centred.squared() && left.equals(right)) {
      return Optional.of(new Centred(centred.of(), centred.share(), true));
    } else if (left instanceof FeatureMean mean && left.equals(right)) {
      return Optional.of(new Variance(mean.of(), 0, 0, mean.factor() * mean.factor(), 0));
    }
    return scaled(left, number(right))
        .or(() -> scaled(right, number(left)))
        .or(() -> inverted(call, left, right))
        .or(() -> inverted(call, right, left));
  }

  private static Optional<ConvertedValue> scaled(ConvertedValue value, OptionalDouble number) {
    if (number.isEmpty()) {
      return Optional.empty();
    }
    double factor = number.getAsDouble();
    if (value instanceof FeatureMean mean) {
      return Optional.of(new FeatureMean(mean.of(), mean.factor() * factor));
    } else if (value instanceof Variance variance) {
      return Optional.of(
          new Variance(
              variance.of(),
              variance.share(),
              variance.left() * factor,
              variance.ofMean() * factor,
              variance.epsilon() * factor));
    }
    return Optional.empty();
  }

  static Optional<ConvertedValue> sum(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    if (left instanceof Variance one && right instanceof Variance other) {
      return one.of().equals(other.of())
          ? Optional.of(
              new Variance(
                  one.of(),
                  one.share() + other.share(),
                  one.left() + other.left(),
                  one.ofMean() + other.ofMean(),
                  one.epsilon() + other.epsilon()))
          : Optional.empty();
    }
    return above(left, number(right)).or(() -> above(right, number(left)));
  }

  private static Optional<ConvertedValue> above(ConvertedValue value, OptionalDouble number) {
    return value instanceof Variance variance && number.isPresent()
        ? Optional.of(
            new Variance(
                variance.of(),
                variance.share(),
                variance.left(),
                variance.ofMean(),
                variance.epsilon() + number.getAsDouble()))
        : Optional.empty();
  }

  static Optional<ConvertedValue> root(OperationCall call) {
    return call.required(0) instanceof Variance variance
        ? Optional.of(new Deviation(variance, false))
        : Optional.empty();
  }

  static Optional<ConvertedValue> inverse(OperationCall call) {
    return call.required(0) instanceof Deviation deviation && !deviation.inverse()
        ? Optional.of(new Deviation(deviation.of(), true))
        : Optional.empty();
  }

  static Optional<ConvertedValue> normalised(OperationCall call) {
    if (!(call.required(1) instanceof Deviation deviation) || deviation.inverse()) {
      return Optional.empty();
    }
    return number(call.required(0)).equals(OptionalDouble.of(1))
        ? Optional.of(new Deviation(deviation.of(), true))
        : norm(call, call.required(0), deviation.of());
  }

  private static Optional<ConvertedValue> inverted(
      OperationCall call, ConvertedValue value, ConvertedValue over) {
    return over instanceof Deviation deviation && deviation.inverse()
        ? norm(call, value, deviation.of())
        : Optional.empty();
  }

  private static Optional<ConvertedValue> norm(
      OperationCall call, ConvertedValue value, Variance variance) {
    boolean centred = value.equals(new Centred(variance.of(), variance.share(), false));
    if (!centred && !value.equals(variance.of())) {
      return Optional.empty();
    }
    int features = call.draft().shape(variance.of().node()).channels();
    double share = variance.left();
    double ofCut = centred ? share * share * (1 - share) : 0;
    boolean consistent =
        share > 0
            && share < 1 + TOLERANCE
            && Math.abs(variance.ofMean() - ofCut) <= TOLERANCE
            && (!centred || Math.abs(variance.share() - share) <= TOLERANCE)
            && (centred || variance.share() == 0);
    if (!consistent) {
      throw new GraphException(
          "a norm must divide by the root of the mean square of what it normalises: " + variance);
    }
    int width = share > 1 - TOLERANCE ? 0 : (int) Math.round(features / share);
    return Optional.of(
        NormRules.ofPositions(call, variance.of(), centred, width, (float) variance.epsilon()));
  }

  private static OptionalDouble number(ConvertedValue value) {
    return value instanceof Fixed fixed && fixed.constant().size() == 1
        ? OptionalDouble.of(fixed.constant().single())
        : OptionalDouble.empty();
  }
}
