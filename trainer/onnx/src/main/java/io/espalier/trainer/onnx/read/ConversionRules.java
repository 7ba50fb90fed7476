package io.espalier.trainer.onnx.read;

import static java.util.Map.entry;

import io.espalier.trainer.network.Activation.Function;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class ConversionRules {
  @FunctionalInterface
  interface Rule {
    ConvertedValue apply(OperationCall call);
  }

  private static final Map<String, Rule> BY_OPERATOR =
      Map.ofEntries(
          entry("Conv", WeightRules::convolution),
          entry("Gemm", WeightRules::gemm),
          entry("MatMul", WeightRules::product),
          entry("BatchNormalization", NormRules::batch),
          entry("GroupNormalization", NormRules::group),
          entry("InstanceNormalization", NormRules::instance),
          entry("LayerNormalization", NormRules::layer),
          entry("LRN", NormRules::localResponse),
          entry("Relu", call -> ActivationRules.activation(call, Function.RELU)),
          entry("Sigmoid", call -> ActivationRules.activation(call, Function.SIGMOID)),
          entry("Tanh", call -> ActivationRules.activation(call, Function.TANH)),
          entry("HardSwish", call -> ActivationRules.activation(call, Function.HARD_SWISH)),
          entry("LeakyRelu", ActivationRules::leakyRelu),
          entry("HardSigmoid", ActivationRules::hardSigmoid),
          entry("Clip", ActivationRules::clip),
          entry("Gelu", ActivationRules::gelu),
          entry("Erf", GeluPattern::erf),
          entry("Softmax", ActivationRules::softmax),
          entry("LogSoftmax", ActivationRules::softmax),
          entry("MaxPool", WindowRules::maxPool),
          entry("AveragePool", WindowRules::averagePool),
          entry("GlobalAveragePool", WindowRules::globalAverage),
          entry("ReduceMean", WindowRules::mean),
          entry("Pad", WindowRules::pad),
          entry("Add", ArithmeticRules::add),
          entry("Sum", ArithmeticRules::sum),
          entry("Sub", ArithmeticRules::subtract),
          entry("Mul", ArithmeticRules::multiply),
          entry("Div", ArithmeticRules::divide),
          entry("Neg", ArithmeticRules::negate),
          entry("Concat", ShapeRules::concat),
          entry("Flatten", ShapeRules.view(ShapeRules::flatten)),
          entry("Reshape", ShapeRules.view(ShapeRules::reshape)),
          entry("Squeeze", ShapeRules.view(ShapeRules::squeeze)),
          entry("Unsqueeze", ShapeRules.view(ShapeRules::unsqueeze)),
          entry("Transpose", ShapeRules::transpose),
          entry("Shape", ShapeRules::shape),
          entry("Identity", call -> call.required(0)),
          entry("Dropout", call -> call.required(0)),
          entry("Cast", ShapeRules::cast));

  private ConversionRules() {}

  static Optional<Rule> of(String operator) {
    return Optional.ofNullable(BY_OPERATOR.get(operator));
  }

  static Set<String> operators() {
    return BY_OPERATOR.keySet();
  }
}
