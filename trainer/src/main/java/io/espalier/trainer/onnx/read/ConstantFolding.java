package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

final class ConstantFolding {
  private static final int MOST_VALUES = 1 << 28;

  private final Operation operation;
  private final List<OnnxConstant> inputs;
  private final Unfolding unfolding;

  private ConstantFolding(Operation operation, List<OnnxConstant> inputs, Unfolding unfolding) {
    this.operation = operation;
    this.inputs = inputs;
    this.unfolding = unfolding;
  }

  public static Optional<OnnxConstant> of(
      Operation operation, List<OnnxConstant> inputs, Unfolding unfolding) {
    if (operation.operator().equals("Constant")) {
      return Optional.of(operation.attributes().constant(unfolding));
    }
    try {
      return inputs.isEmpty()
          ? Optional.empty()
          : new ConstantFolding(operation, inputs, unfolding).result();
    } catch (IndexOutOfBoundsException e) {
      throw new GraphException("its inputs must all be given, and not be empty");
    }
  }

  private Optional<OnnxConstant> result() {
    return Optional.ofNullable(
        switch (operation.operator()) {
          case "Identity" -> inputs.get(0);
          case "Cast" -> kept(cast());
          case "Reshape" -> inputs.get(0).reshaped(target());
          case "Unsqueeze" ->
              inputs
                  .get(0)
                  .reshaped(AxisMapping.added(inputs.get(0).dimensions(), axes().orElseThrow()));
          case "Squeeze" ->
              inputs.get(0).reshaped(AxisMapping.dropped(inputs.get(0).dimensions(), axes()));
          case "Transpose" -> kept(transposed());
          case "Gather" -> kept(gathered());
          case "Slice" -> kept(sliced());
          case "Concat" -> kept(joined());
          case "Add" -> kept(combined(Double::sum));
          case "Sub" -> kept(combined((a, b) -> a - b));
          case "Mul" -> kept(combined((a, b) -> a * b));
          case "Div" -> kept(combined((a, b) -> a / b));
          case "Sqrt" -> kept(inputs.get(0).mapped(Math::sqrt));
          case "Neg" -> kept(inputs.get(0).mapped(value -> -value));
          case "Reciprocal" -> kept(inputs.get(0).mapped(value -> 1 / value));
          default -> null;
        });
  }

  private OnnxConstant kept(OnnxConstant made) {
    unfolding.keep(made.bytes());
    return made;
  }

  private OnnxConstant cast() {
    OnnxConstant value = inputs.get(0);
    long to = operation.attributes().whole("to", 1);
    boolean toWhole = to == 6 || to == 7;
    boolean toFloat = to == 1 || to == 10 || to == 11;
    if (!toWhole && !toFloat) {
      throw new GraphException("a cast must be to floats or whole numbers: to=" + to);
    }
    if (value.isWhole() == toWhole) {
      return value;
    }
    float[] floats = value.floats();
    return toFloat
        ? OnnxConstant.ofFloats(value.dimensions(), floats)
        : OnnxConstant.ofWholes(
            value.dimensions(),
            IntStream.range(0, floats.length).mapToLong(i -> (long) floats[i]).toArray());
  }

  private List<Integer> target() {
    List<Integer> before = inputs.get(0).dimensions();
    List<Integer> target = new ArrayList<>();
    int free = -1;
    long known = 1;
    long[] wanted = inputs.get(1).wholes();
    for (int i = 0; i < wanted.length; i++) {
      long length = wanted[i] == 0 && i < before.size() ? before.get(i) : wanted[i];
      if (length == -1) {
        free = i;
        length = 1;
      }
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw new GraphException(
            "a shape must be known: shape=" + LongStream.of(wanted).boxed().toList());
      }
      known = Math.multiplyExact(known, length);
      target.add((int) length);
    }
    if (free >= 0 && known > 0) {
      target.set(free, (int) (inputs.get(0).size() / known));
    }
    return target;
  }

  private Optional<List<Long>> axes() {
    return inputs.size() > 1
        ? Optional.of(LongStream.of(inputs.get(1).wholes()).boxed().toList())
        : operation.attributes().wholes("axes");
  }

  private OnnxConstant transposed() {
    OnnxConstant value = inputs.get(0);
    return value.transposed(
        AxisMapping.order(operation.attributes().wholes("perm"), value.dimensions().size()));
  }

  private OnnxConstant gathered() {
    OnnxConstant value = inputs.get(0);
    OnnxConstant indices = inputs.get(1);
    if (value.dimensions().size() != 1 || operation.attributes().whole("axis", 0) != 0) {
      throw new GraphException("what is gathered must be of a list: shape=" + value.dimensions());
    }
    unfolding.use(3L * indices.size());
    return value.picked(
        indices.dimensions(),
        LongStream.of(indices.wholes()).mapToInt(index -> place(index, value.size())));
  }

  private static int place(long index, int size) {
    long place = index < 0 ? index + size : index;
    if (place < 0 || place >= size) {
      throw new GraphException(
          "an index must be within its list: index=%d, size=%d".formatted(index, size));
    }
    return (int) place;
  }

  /** Slices a list; starts and ends are attributes in old versions. */
  private OnnxConstant sliced() {
    OnnxConstant value = inputs.get(0);
    boolean asInputs = inputs.size() > 1;
    long start = asInputs ? inputs.get(1).wholes()[0] : first("starts");
    long end = asInputs ? inputs.get(2).wholes()[0] : first("ends");
    long step = inputs.size() > 4 ? inputs.get(4).wholes()[0] : 1;
    if (value.dimensions().size() != 1 || step != 1) {
      throw new GraphException(
          "what is sliced must be a list, in steps of 1: shape=" + value.dimensions());
    }
    int size = value.size();
    int from = (int) Math.max(0, Math.min(size, start < 0 ? start + size : start));
    int to = (int) Math.max(from, Math.min(size, end < 0 ? end + size : end));
    return value.picked(List.of(to - from), IntStream.range(from, to));
  }

  private long first(String attribute) {
    return operation.attributes().wholes(attribute).orElse(List.of()).stream()
        .findFirst()
        .orElseThrow(() -> new GraphException("a slice must have " + attribute));
  }

  private OnnxConstant joined() {
    long total = inputs.stream().mapToLong(OnnxConstant::size).sum();
    if (inputs.stream().anyMatch(each -> each.dimensions().size() != 1 || !each.isWhole())
        || total > MOST_VALUES) {
      throw new GraphException("constants that are joined must be lists of whole numbers");
    }
    unfolding.use(4 * total);
    return OnnxConstant.ofWholes(
        List.of((int) total),
        inputs.stream().flatMapToLong(each -> LongStream.of(each.wholes())).toArray());
  }

  private OnnxConstant combined(DoubleBinaryOperator operator) {
    OnnxConstant left = inputs.get(0);
    OnnxConstant right = inputs.get(1);
    List<Integer> dimensions = AxisMapping.broadcast(left.dimensions(), right.dimensions());
    if (OnnxConstant.size(dimensions) > MOST_VALUES) {
      throw new GraphException("a constant must have fewer values: shape=" + dimensions);
    }
    // Two lists of sources, the values, and twice as many bytes if they are whole.
    unfolding.use(5L * OnnxConstant.size(dimensions));
    int[] fromLeft = AxisMapping.broadcastSources(left.dimensions(), dimensions);
    int[] fromRight = AxisMapping.broadcastSources(right.dimensions(), dimensions);
    float[] a = left.floats();
    float[] b = right.floats();
    float[] values = new float[fromLeft.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) operator.applyAsDouble(a[fromLeft[i]], b[fromRight[i]]);
    }
    return left.isWhole() ? wholes(dimensions, values) : OnnxConstant.ofFloats(dimensions, values);
  }

  /** Shapes are small numbers: floats hold them exactly, and division rounds towards 0. */
  private static OnnxConstant wholes(List<Integer> dimensions, float[] values) {
    return OnnxConstant.ofWholes(
        dimensions, IntStream.range(0, values.length).mapToLong(i -> (long) values[i]).toArray());
  }
}
