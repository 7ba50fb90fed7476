package io.espalier.trainer.onnx.read;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Layers that exporters spell out operation by operation. A pattern takes an operation whose inputs
 * are parts of its layer, and leaves all others to the rules of operators.
 */
final class PatternRules {
  @FunctionalInterface
  interface Pattern {
    Optional<ConvertedValue> of(OperationCall call);
  }

  private static final Map<String, List<Pattern>> BY_OPERATOR =
      Map.ofEntries(
          entry(
              "Add",
              List.of(
                  NormPattern::sum,
                  AttentionPattern::masked,
                  RotaryPattern::sum,
                  PolynomialPattern::sum)),
          entry("Sub", List.of(NormPattern::centred)),
          entry(
              "Mul",
              List.of(
                  NormPattern::product,
                  AttentionPattern::scaled,
                  GeluPattern::gated,
                  GeluPattern::silu,
                  PoolingPattern::unpadded,
                  RotaryPattern::term,
                  PolynomialPattern::product)),
          entry(
              "Div",
              List.of(NormPattern::normalised, AttentionPattern::scaled, PoolingPattern::mean)),
          entry("Neg", List.of(RotaryPattern::negated)),
          entry("Pow", List.of(NormPattern::power, PolynomialPattern::power)),
          entry("Sqrt", List.of(NormPattern::root)),
          entry("Reciprocal", List.of(NormPattern::inverse)),
          entry("ReduceMean", List.of(NormPattern::mean, PoolingPattern::ofAll)),
          entry("ReduceSum", List.of(PoolingPattern::sum)),
          entry("Tanh", List.of(GeluPattern::tanh)),
          entry("MatMul", List.of(AttentionPattern::products, AttentionPattern::means)),
          entry("Softmax", List.of(AttentionPattern::weights)),
          entry("Where", List.of(AttentionPattern::chosen)),
          entry(
              "Gather",
              List.of(
                  EmbeddingRules::embedded,
                  RotaryPattern::swapped,
                  FirstPositionPattern::gathered,
                  LinearParts::gathered)),
          entry("Concat", List.of(ClassTokenPattern::joined, RotaryPattern::joined)),
          entry(
              "Slice",
              List.of(RotaryPattern::half, LinearParts::sliced, FirstPositionPattern::sliced)),
          entry("Expand", List.of(RepeatedHeads::expanded)),
          entry("Reshape", List.of(RepeatedHeads::joined)),
          entry("Transpose", List.of(RepeatedHeads::transposed)),
          entry("Equal", List.of(EmbeddingRules::padding)),
          entry("Shape", List.of(EmbeddingRules::shapeOfPadding)));

  private PatternRules() {}

  static Set<String> operators() {
    return BY_OPERATOR.keySet();
  }

  static Optional<ConvertedValue> of(OperationCall call) {
    return BY_OPERATOR.getOrDefault(call.operation().operator(), List.of()).stream()
        .flatMap(pattern -> pattern.of(call).stream())
        .findFirst();
  }
}
