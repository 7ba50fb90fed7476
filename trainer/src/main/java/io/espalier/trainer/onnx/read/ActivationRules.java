package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Layer.Function;
import io.espalier.trainer.onnx.read.ConvertedValue.ErrorFunction;
import io.espalier.trainer.onnx.read.ConvertedValue.Probabilities;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;

final class ActivationRules {
  private static final double TOLERANCE = 1e-5;

  private ActivationRules() {}

  static ConvertedValue activation(OperationCall call, Function function) {
    return call.alike(Layer.activation(function), call.applied(0));
  }

  static ConvertedValue leakyRelu(OperationCall call) {
    return call.alike(Layer.leakyRelu(call.attributes().number("alpha", 0.01f)), call.applied(0));
  }

  static ConvertedValue hardSigmoid(OperationCall call) {
    Signal gate =
        call.signal(0)
            .times(call.attributes().number("alpha", 0.2f))
            .plus(call.attributes().number("beta", 0.5f));
    return call.alike(Layer.clip(0, 1), call.applied(gate));
  }

  /** Bounds are attributes in old versions and inputs in new ones. */
  static ConvertedValue clip(OperationCall call) {
    float min =
        call.constant(1)
            .map(OnnxConstant::scalar)
            .orElse(call.attributes().number("min", Float.NEGATIVE_INFINITY));
    float max =
        call.constant(2)
            .map(OnnxConstant::scalar)
            .orElse(call.attributes().number("max", Float.POSITIVE_INFINITY));
    float lower = min == -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : min;
    float upper = max == Float.MAX_VALUE ? Float.POSITIVE_INFINITY : max;
    Layer layer =
        lower == 0 && upper == 6
            ? Layer.activation(Function.RELU6)
            : lower == 0 && upper == Float.POSITIVE_INFINITY
                ? Layer.activation(Function.RELU)
                : Layer.clip(lower, upper);
    return call.alike(layer, call.applied(0));
  }

  static ConvertedValue gelu(OperationCall call) {
    String approximation = call.attributes().text("approximate", "none");
    if (!approximation.equals("none")) {
      throw new GraphException("it must be exact: approximate=" + approximation);
    }
    return activation(call, Function.GELU);
  }

  static ConvertedValue erf(OperationCall call) {
    Signal input = call.signal(0);
    if (input.shift() != 0 || Math.abs(input.scale() * Math.sqrt(2) - 1) > TOLERANCE) {
      throw new GraphException("an erf must be of a value over √2, as part of a Gelu");
    }
    return new ErrorFunction(new Signal(input.node(), input.dimensions(), input.order()), 1, 0);
  }

  /** The product of a value and an error function; it must form a Gelu. */
  static ConvertedValue gelu(OperationCall call, Signal factor, ErrorFunction erf) {
    boolean same =
        factor.node().equals(erf.input().node()) && factor.order().equals(erf.input().order());
    boolean even = Math.abs(erf.factor() - erf.offset()) <= TOLERANCE * Math.abs(erf.factor());
    if (!same || !even || factor.shift() != 0) {
      throw new GraphException("an erf must be part of a Gelu: x · (1 + erf(x / √2)) / 2");
    }
    Signal gelu = call.alike(Layer.activation(Function.GELU), erf.input());
    double scale = 2 * factor.scale() * erf.factor();
    return Math.abs(scale - 1) <= TOLERANCE ? gelu : gelu.times(scale);
  }

  /**
   * Before opset 13 all axes from the given one on are one; later the others must have length 1.
   */
  static ConvertedValue softmax(OperationCall call) {
    Signal logits = call.signal(0);
    int rank = logits.dimensions().size() + 1;
    int axis =
        AxisMapping.of(
            call.attributes().whole("axis", call.translation().opset() < 13 ? 1 : -1), rank);
    boolean overAll = call.translation().opset() < 13;
    boolean single = logits.dimensions().stream().skip(1).allMatch(length -> length == 1);
    if (axis != 1 || !(overAll || single)) {
      throw new GraphException(
          "a softmax must be over the classes, at the end: axis=%d, input=%s"
              .formatted(axis, logits.dimensions()));
    }
    return new Probabilities(logits);
  }
}
