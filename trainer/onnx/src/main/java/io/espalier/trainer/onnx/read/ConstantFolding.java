package io.espalier.trainer.onnx.read;

import static java.util.Map.entry;

import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes operations on constants, as exporters write them around weights and shapes. */
final class ConstantFolding {
  @FunctionalInterface
  interface Fold {
    OnnxConstant apply(FoldedCall call);
  }

  private static final String CONSTANT = "Constant";

  private static final Map<String, Fold> BY_OPERATOR =
      Map.ofEntries(
          entry("Identity", call -> call.required(0)),
          entry("Cast", ArithmeticFolding::cast),
          entry("Add", ArithmeticFolding.combining((a, b) -> a + b)),
          entry("Sum", ArithmeticFolding.combining((a, b) -> a + b)),
          entry("Sub", ArithmeticFolding.combining((a, b) -> a - b)),
          entry("Mul", ArithmeticFolding::product),
          entry("Div", ArithmeticFolding::quotient),
          entry("Mod", ArithmeticFolding::rest),
          entry("Pow", ArithmeticFolding.combining(Math::pow)),
          entry("Min", ArithmeticFolding.combining(Math::min)),
          entry("Max", ArithmeticFolding.combining(Math::max)),
          entry("Equal", ArithmeticFolding.comparing((a, b) -> a == b)),
          entry("Less", ArithmeticFolding.comparing((a, b) -> a < b)),
          entry("Greater", ArithmeticFolding.comparing((a, b) -> a > b)),
          entry("LessOrEqual", ArithmeticFolding.comparing((a, b) -> a <= b)),
          entry("GreaterOrEqual", ArithmeticFolding.comparing((a, b) -> a >= b)),
          entry("And", ArithmeticFolding.comparing((a, b) -> a != 0 && b != 0)),
          entry("Or", ArithmeticFolding.comparing((a, b) -> a != 0 || b != 0)),
          entry("Not", ArithmeticFolding.mapping(value -> value == 0 ? 1 : 0)),
          entry("Where", ArithmeticFolding::where),
          entry("Clip", ArithmeticFolding::clipped),
          entry("Trilu", ListFolding::triangle),
          entry("ReduceSum", ListFolding::summed),
          entry("MatMul", MatrixFolding::product),
          entry("Cos", ArithmeticFolding.mapping(Math::cos)),
          entry("Sin", ArithmeticFolding.mapping(Math::sin)),
          entry("Sqrt", ArithmeticFolding.mapping(Math::sqrt)),
          entry("Exp", ArithmeticFolding.mapping(Math::exp)),
          entry("Log", ArithmeticFolding.mapping(Math::log)),
          entry("Reciprocal", ArithmeticFolding.mapping(value -> 1 / value)),
          entry("Floor", ArithmeticFolding.mapping(Math::floor)),
          entry("Ceil", ArithmeticFolding.mapping(Math::ceil)),
          entry("Neg", ArithmeticFolding.mapping(value -> -value)),
          entry("Abs", ArithmeticFolding.mapping(Math::abs)),
          entry("Shape", ShapeFolding::shape),
          entry("Size", ShapeFolding::size),
          entry("Reshape", ShapeFolding::reshaped),
          entry("Flatten", ShapeFolding::flattened),
          entry("Unsqueeze", ShapeFolding::unsqueezed),
          entry("Squeeze", ShapeFolding::squeezed),
          entry("Transpose", ShapeFolding::transposed),
          entry("Expand", ShapeFolding::expanded),
          entry("ConstantOfShape", ListFolding::filled),
          entry("Range", ListFolding::range),
          entry("Gather", ListFolding::gathered),
          entry("Slice", ListFolding::sliced),
          entry("Concat", ListFolding::joined));

  private ConstantFolding() {}

  static Set<String> operators() {
    Set<String> all = new HashSet<>(BY_OPERATOR.keySet());
    all.add(CONSTANT);
    return all;
  }

  /** The result of an operation; empty if it is not one that is folded. */
  public static Optional<OnnxConstant> of(
      Operation operation, List<Optional<OnnxConstant>> inputs, Unfolding unfolding) {
    if (operation.operator().equals(CONSTANT)) {
      return Optional.of(operation.attributes().constant(unfolding));
    }
    return inputs.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(BY_OPERATOR.get(operation.operator()))
            .map(fold -> kept(fold, new FoldedCall(operation, inputs, unfolding)));
  }

  private static OnnxConstant kept(Fold fold, FoldedCall call) {
    OnnxConstant made = fold.apply(call);
    boolean isView =
        call.inputs().stream().flatMap(Optional::stream).anyMatch(made::sharesValuesWith);
    if (!isView) {
      call.unfolding().keep(made.bytes());
    }
    return made;
  }
}
