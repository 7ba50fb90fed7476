package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConstantFolding.Fold;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;

/** Arithmetic on constants, in double; whole numbers round towards 0. */
final class ArithmeticFolding {
  private static final int INT_32 = 6;
  private static final int INT_64 = 7;
  private static final int BOOL = 9;
  private static final List<Integer> FLOATS = List.of(1, 10, 11, 16);

  interface Comparison {
    boolean of(double left, double right);
  }

  /** How the numbers of a constant are read. */
  private interface Read {
    double of(OnnxConstant constant, int index);
  }

  private ArithmeticFolding() {}

  static OnnxConstant cast(FoldedCall call) {
    OnnxConstant value = call.required(0);
    int to = (int) call.attributes().whole("to", 1);
    boolean toFloat = FLOATS.contains(to);
    if (!toFloat && to != INT_32 && to != INT_64 && to != BOOL) {
      throw new GraphException("a cast must be to floats or whole numbers: to=" + to);
    }
    if (value.isWhole() != toFloat && to != BOOL) {
      return value;
    }
    return made(
        call.unfolding(),
        value.dimensions(),
        !toFloat,
        to == BOOL ? i -> value.number(i) == 0 ? 0 : 1 : value::number);
  }

  static Fold mapping(DoubleUnaryOperator operator) {
    return call -> {
      OnnxConstant value = call.required(0);
      return made(
          call.unfolding(),
          value.dimensions(),
          value.isWhole(),
          i -> operator.applyAsDouble(value.number(i)));
    };
  }

  /** A product, one of whose factors may be the batch's length. */
  static OnnxConstant product(FoldedCall call) {
    return ofLengths(call, (batches, number) -> batches * number)
        .orElseGet(() -> combining((a, b) -> a * b).apply(call));
  }

  /** A quotient; the batch's length may be divided. */
  static OnnxConstant quotient(FoldedCall call) {
    return ofLengths(call, (batches, number) -> number == 0 ? 0 : batches / number)
        .orElseGet(() -> combining((a, b) -> a / b).apply(call));
  }

  /** Two single lengths, the first of which holds the batch. */
  private static Optional<OnnxConstant> ofLengths(FoldedCall call, LongBinaryOperator operator) {
    OnnxConstant left = call.required(0);
    OnnxConstant right = call.required(1);
    if (!left.isWhole() || !right.isWhole() || left.size() != 1 || right.size() != 1) {
      return Optional.empty();
    }
    long one = left.wholes()[0];
    long other = right.wholes()[0];
    boolean turned = OnnxConstant.isBatches(other) && call.operation().operator().equals("Mul");
    long batches = turned ? other : one;
    long number = turned ? one : other;
    if (!OnnxConstant.isBatches(batches) || OnnxConstant.isBatches(number)) {
      return Optional.empty();
    }
    List<Integer> dimensions = AxisMapping.broadcast(left.dimensions(), right.dimensions());
    long result =
        OnnxConstant.batches(operator.applyAsLong(OnnxConstant.batchesIn(batches), number));
    return Optional.of(OnnxConstant.ofWholes(dimensions, new long[] {result}));
  }

  /** The rest of a division, with the sign of the divisor unless {@code fmod} is 1. */
  static OnnxConstant rest(FoldedCall call) {
    boolean ofDividend = call.attributes().whole("fmod", 0) == 1;
    return combining((a, b) -> ofDividend ? a % b : a - Math.floor(a / b) * b).apply(call);
  }

  /** From left to right where there are more than two inputs. */
  static Fold combining(DoubleBinaryOperator operator) {
    return call -> {
      OnnxConstant all = call.required(0);
      for (int i = 1; i < call.inputs().size(); i++) {
        all = combined(call, all, call.required(i), all.isWhole(), OnnxConstant::number, operator);
      }
      return all;
    };
  }

  static Fold comparing(Comparison comparison) {
    return call ->
        combined(
            call,
            call.required(0),
            call.required(1),
            true,
            OnnxConstant::compared,
            (left, right) -> comparison.of(left, right) ? 1 : 0);
  }

  /** Bounds are attributes in old versions and inputs in new ones. */
  static OnnxConstant clipped(FoldedCall call) {
    OnnxConstant value = call.required(0);
    double min =
        call.value(1)
            .map(OnnxConstant::single)
            .orElse((double) call.attributes().number("min", Float.NEGATIVE_INFINITY));
    double max =
        call.value(2)
            .map(OnnxConstant::single)
            .orElse((double) call.attributes().number("max", Float.POSITIVE_INFINITY));
    return made(
        call.unfolding(),
        value.dimensions(),
        value.isWhole(),
        i -> Math.min(Math.max(value.number(i), min), max));
  }

  private static OnnxConstant combined(
      FoldedCall call,
      OnnxConstant left,
      OnnxConstant right,
      boolean whole,
      Read read,
      DoubleBinaryOperator operator) {
    List<Integer> dimensions = AxisMapping.broadcast(left.dimensions(), right.dimensions());
    // Two lists of sources, the values, and twice as many bytes if they are whole.
    call.unfolding().use(5L * OnnxConstant.size(dimensions));
    int[] fromLeft = AxisMapping.broadcastSources(left.dimensions(), dimensions);
    int[] fromRight = AxisMapping.broadcastSources(right.dimensions(), dimensions);
    return made(
        call.unfolding(),
        dimensions,
        whole,
        i -> operator.applyAsDouble(read.of(left, fromLeft[i]), read.of(right, fromRight[i])));
  }

  /** Chooses values by a condition; a chosen value may be the batch's length. */
  static OnnxConstant where(FoldedCall call) {
    OnnxConstant condition = call.required(0);
    OnnxConstant yes = call.required(1);
    OnnxConstant no = call.required(2);
    List<Integer> dimensions =
        AxisMapping.broadcast(
            condition.dimensions(), AxisMapping.broadcast(yes.dimensions(), no.dimensions()));
    call.unfolding().use(6L * OnnxConstant.size(dimensions));
    int[] asked = AxisMapping.broadcastSources(condition.dimensions(), dimensions);
    int[] fromYes = AxisMapping.broadcastSources(yes.dimensions(), dimensions);
    int[] fromNo = AxisMapping.broadcastSources(no.dimensions(), dimensions);
    if (yes.isWhole() && no.isWhole()) {
      long[] some = yes.wholes();
      long[] others = no.wholes();
      return OnnxConstant.ofWholes(
          dimensions,
          IntStream.range(0, asked.length)
              .mapToLong(
                  i -> condition.number(asked[i]) == 0 ? others[fromNo[i]] : some[fromYes[i]])
              .toArray());
    }
    return made(
        call.unfolding(),
        dimensions,
        yes.isWhole(),
        i -> condition.number(asked[i]) == 0 ? no.number(fromNo[i]) : yes.number(fromYes[i]));
  }

  private static OnnxConstant made(
      Unfolding unfolding, List<Integer> dimensions, boolean whole, IntToDoubleFunction value) {
    int size = OnnxConstant.size(dimensions);
    unfolding.use(whole ? 2L * size : size);
    if (whole) {
      long[] values = new long[size];
      for (int i = 0; i < size; i++) {
        values[i] = (long) value.applyAsDouble(i);
      }
      return OnnxConstant.ofWholes(dimensions, values);
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return OnnxConstant.ofFloats(dimensions, values);
  }
}
