package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Clip;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.onnx.read.ConvertedValue.Probabilities;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;

final class ActivationRules {
  private ActivationRules() {}

  static ConvertedValue activation(OperationCall call, Function function) {
    return call.alike(new Activation(function), call.applied(0));
  }

  static ConvertedValue leakyRelu(OperationCall call) {
    return call.alike(new LeakyRelu(call.attributes().number("alpha", 0.01f)), call.applied(0));
  }

  static ConvertedValue hardSigmoid(OperationCall call) {
    Signal gate =
        call.signal(0)
            .times(call.attributes().number("alpha", 0.2f))
            .plus(call.attributes().number("beta", 0.5f));
    return call.alike(new Clip(0, 1), call.applied(gate));
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
            ? new Activation(Function.RELU6)
            : lower == 0 && upper == Float.POSITIVE_INFINITY
                ? new Activation(Function.RELU)
                : new Clip(lower, upper);
    return call.alike(layer, call.applied(0));
  }

  static ConvertedValue gelu(OperationCall call) {
    String approximation = call.attributes().text("approximate", "none");
    return switch (approximation) {
      case "none" -> activation(call, Function.GELU);
      case "tanh" -> activation(call, Function.GELU_TANH);
      default ->
          throw new GraphException("it must be exact or by a tanh: approximate=" + approximation);
    };
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
