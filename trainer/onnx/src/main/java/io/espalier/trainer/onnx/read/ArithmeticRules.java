package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.BiasableLayer;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.GeluGate;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

final class ArithmeticRules {
  private ArithmeticRules() {}

  static ConvertedValue add(OperationCall call) {
    return add(call, call.required(0), call.required(1));
  }

  static ConvertedValue sum(OperationCall call) {
    ConvertedValue sum = call.required(0);
    for (int i = 1; i < call.inputs().size(); i++) {
      sum = add(call, sum, call.required(i));
    }
    return sum;
  }

  static ConvertedValue subtract(OperationCall call) {
    return call.required(1) instanceof Fixed fixed
        ? shifted(call, call.required(0), negative(fixed.constant()), 0)
        : add(call, call.required(0), times(call.required(1), -1));
  }

  static ConvertedValue negate(OperationCall call) {
    return times(call.required(0), -1);
  }

  static ConvertedValue multiply(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    if (right instanceof Fixed fixed) {
      return scaled(call, left, fixed.constant(), 0);
    } else if (left instanceof Fixed fixed) {
      return scaled(call, right, fixed.constant(), 1);
    }
    return product(call, call.applied(0), call.applied(1));
  }

  static ConvertedValue divide(OperationCall call) {
    if (!(call.required(1) instanceof Fixed fixed)) {
      throw new GraphException("it must divide by a constant");
    }
    return scaled(call, call.required(0), fixed.constant().mapped(value -> 1 / value), 0);
  }

  private static ConvertedValue add(OperationCall call, ConvertedValue left, ConvertedValue right) {
    if (right instanceof Fixed fixed) {
      return shifted(call, left, fixed.constant(), 0);
    } else if (left instanceof Fixed fixed) {
      return shifted(call, right, fixed.constant(), 1);
    } else if (left instanceof Signal one && right instanceof Signal other) {
      Alike alike = Alike.of(call, call.applied(one), call.applied(other));
      return alike.joined(call, new Add());
    }
    throw notOfTheExample();
  }

  private static ConvertedValue product(OperationCall call, Signal left, Signal right) {
    TensorShape first = call.draft().shape(left.node());
    TensorShape second = call.draft().shape(right.node());
    boolean gated = first.isVector() != second.isVector() && first.channels() == second.channels();
    if (!gated || left.dimensions().equals(right.dimensions())) {
      return Alike.of(call, left, right).joined(call, new Multiply());
    }
    Signal image = first.isVector() ? right : left;
    Signal gate = first.isVector() ? left : right;
    TensorShape shape = first.isVector() ? second : first;
    int channels = shape.channels();
    boolean channelsFirst = WindowRules.isChannelsFirst(image, shape);
    boolean channelsLast = !channelsFirst && WindowRules.isChannelsLast(image, shape);
    List<Integer> expected = channelsLast ? List.of(1, 1, channels) : List.of(channels, 1, 1);
    boolean fits =
        gate.dimensions().equals(expected)
            && gate.order().isPlain()
            && (channelsFirst || channelsLast);
    if (!fits) {
      throw new GraphException(
          "a gate must have a number per channel: gate=%s, other=%s"
              .formatted(gate.dimensions(), image.dimensions()));
    }
    String node = call.draft().add(call.name(""), new Multiply(), image.node(), gate.node());
    return new Signal(node, image.dimensions(), image.order());
  }

  private static ConvertedValue times(ConvertedValue value, double factor) {
    if (value instanceof Signal signal) {
      return signal.times(factor);
    } else if (value instanceof GeluGate gate) {
      return new GeluGate(
          gate.gelu(), gate.input(), gate.factor() * factor, gate.offset() * factor);
    }
    throw notOfTheExample();
  }

  private static Signal signal(ConvertedValue value) {
    if (value instanceof Signal signal) {
      return signal;
    }
    throw notOfTheExample();
  }

  private static GraphException notOfTheExample() {
    return new GraphException(
        "a softmax, or a part of a norm, of attention or of a Gelu, must not be combined with"
            + " anything but the rest of it");
  }

  private static OnnxConstant negative(OnnxConstant constant) {
    return constant.mapped(value -> -value);
  }

  private static ConvertedValue scaled(
      OperationCall call, ConvertedValue value, OnnxConstant constant, int index) {
    if (constant.size() == 1 && fits(value, constant)) {
      return times(value, constant.scalar());
    }
    Signal signal = call.applied(signal(value));
    float[] scale = perChannel(call, signal, constant, placed(signal, constant));
    Optional<Signal> norm = NormRules.scaled(call, index, signal, scale);
    if (norm.isPresent()) {
      return norm.get();
    }
    String name = weightName(call, index);
    String node =
        call.draft()
            .add(name, new ChannelAffine(true, false), List.of(signal.node()), List.of(scale));
    call.translation().made(call.operation().output(), node);
    return new Signal(node, signal.dimensions(), signal.order());
  }

  /** A value plus a constant: a bias of the layer before it if nothing else reads that layer. */
  private static ConvertedValue shifted(
      OperationCall call, ConvertedValue value, OnnxConstant constant, int index) {
    if (value instanceof GeluGate gate && constant.size() == 1) {
      return new GeluGate(
          gate.gelu(), gate.input(), gate.factor(), gate.offset() + constant.scalar());
    }
    Signal before = signal(value);
    if (constant.size() == 1 && fits(before, constant)) {
      return before.plus(constant.scalar());
    }
    Signal signal = call.applied(before);
    float[] placed = placed(signal, constant);
    if (!isPerChannel(call, signal, placed)) {
      Optional<Signal> sequence = SequenceView.sequence(call, signal);
      if (sequence.isPresent()) {
        return EmbeddingRules.ofPositions(call, index, sequence.get(), placed);
      }
    }
    float[] shift = perChannel(call, signal, constant, placed);
    Optional<Signal> norm = NormRules.shifted(call, index, signal, shift);
    if (norm.isPresent()) {
      return norm.get();
    }
    Optional<String> maker = call.onlyMaker(index, signal);
    Optional<Layer> biased =
        maker.flatMap(
            node ->
                call.draft()
                    .node(node)
                    .layer()
                    .as(BiasableLayer.class)
                    .flatMap(BiasableLayer::withBias));
    if (biased.isPresent()) {
      call.draft().extend(signal.node(), biased.get(), shift);
      return signal;
    }
    if (call.draft().shape(signal.node()).isSequence()) {
      return EmbeddingRules.ofTokens(call, index, signal, shift)
          .orElseGet(() -> EmbeddingRules.ofPositions(call, index, signal, placed));
    }
    String node =
        call.draft()
            .add(
                weightName(call, index),
                new ChannelAffine(false, true),
                List.of(signal.node()),
                List.of(shift));
    return new Signal(node, signal.dimensions(), signal.order());
  }

  private static String weightName(OperationCall call, int index) {
    return call.nameOfWeight(1 - index);
  }

  private static boolean fits(ConvertedValue value, OnnxConstant constant) {
    return !(value instanceof Signal signal)
        || constant.dimensions().size() <= signal.dimensions().size() + 1;
  }

  /** A constant for each value of an example, in the order of the node's output. */
  private static float[] placed(Signal signal, OnnxConstant constant) {
    int[] sources =
        AxisMapping.broadcastSources(
            constant.dimensions(), OperationCall.batched(signal.dimensions()));
    float[] from = constant.floats();
    float[] spread = new float[sources.length];
    for (int i = 0; i < sources.length; i++) {
      spread[i] = from[sources[i]];
    }
    return signal.order().placed(spread);
  }

  private static boolean isPerChannel(OperationCall call, Signal signal, float[] placed) {
    int each = placed.length / call.draft().shape(signal.node()).channels();
    return IntStream.range(0, placed.length).allMatch(i -> placed[i] == placed[i / each * each]);
  }

  private static float[] perChannel(
      OperationCall call, Signal signal, OnnxConstant constant, float[] placed) {
    if (!isPerChannel(call, signal, placed)) {
      throw new GraphException(
          "a constant must be one number, or one per channel: constant=%s, other=%s"
              .formatted(constant.dimensions(), signal.dimensions()));
    }
    int channels = call.draft().shape(signal.node()).channels();
    float[] numbers = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      numbers[channel] = placed[channel * (placed.length / channels)];
    }
    return numbers;
  }

  /** Two signals of equal shape and order. */
  private record Alike(Signal left, Signal right) {
    static Alike of(OperationCall call, Signal left, Signal right) {
      if (!left.dimensions().equals(right.dimensions()) || !left.order().equals(right.order())) {
        throw new GraphException(
            "its inputs must have one shape and order: input=%s, other=%s"
                .formatted(left.dimensions(), right.dimensions()));
      }
      boolean same = call.draft().shape(left.node()).equals(call.draft().shape(right.node()));
      return same ? new Alike(left, right) : new Alike(call.flat(left), call.flat(right));
    }

    Signal joined(OperationCall call, Layer layer) {
      String node =
          call.draft().add(call.name(""), layer, List.of(left.node(), right.node()), List.of());
      return new Signal(node, left.dimensions(), left.order());
    }
  }
}
