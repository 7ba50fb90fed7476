package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.NormLayer;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Normalisations. A group norm is often decomposed: reshape groups into channels, instance norm,
 * reshape back, then scale and shift per channel.
 */
final class NormRules {
  /** The first opset in which a group norm has a scale for each channel, instead of each group. */
  private static final int SCALES_OF_CHANNELS = 21;

  private NormRules() {}

  static ConvertedValue batch(OperationCall call) {
    if (call.attributes().whole("spatial", 1) != 1) {
      throw new GraphException("spatial must be 1");
    }
    if (call.attributes().whole("training_mode", 0) != 0) {
      throw new GraphException("training_mode must be 0; export the network for inference");
    }
    boolean vector = call.signal(0).dimensions().size() == 1;
    Signal input = vector ? call.vector(call.signal(0)) : call.image(0);
    List<float[]> values = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      float[] each = call.requiredConstant(i).floats();
      if (each.length != input.dimensions().get(0)) {
        throw new GraphException(
            "it must have a number per channel: values=%d, input=%s"
                .formatted(each.length, input.dimensions()));
      }
      values.add(vector ? input.order().placed(each) : each);
    }
    for (float variance : values.get(3)) {
      if (variance < 0) {
        throw new GraphException("a variance must be 0 or more: variance=" + variance);
      }
    }
    Layer layer = new BatchNorm(call.attributes().number("epsilon", Layer.EPSILON));
    String node = call.draft().add(call.nameOfWeight(1), layer, List.of(input.node()), values);
    return new Signal(node, input.dimensions(), input.order());
  }

  /** Normalises each channel, or each group that a reshape turned into a channel. */
  static ConvertedValue instance(OperationCall call) {
    Signal input = call.applied(0);
    int groups = channels(input);
    return grouped(call, input, groups, groups);
  }

  static ConvertedValue group(OperationCall call) {
    Signal input = call.applied(0);
    int channels = call.draft().shape(input.node()).channels();
    if (channels(input) != channels) {
      throw new GraphException(
          "its input must have the channels of a layer: input=%s, channels=%d"
              .formatted(input.dimensions(), channels));
    }
    int groups = Math.toIntExact(call.attributes().whole("num_groups", 0));
    boolean ofChannels = call.translation().opset() >= SCALES_OF_CHANNELS;
    return grouped(call, input, groups, ofChannels ? channels : groups);
  }

  private static int channels(Signal input) {
    if (input.dimensions().isEmpty()) {
      throw new GraphException("its input must have channels: input=[]");
    }
    return input.dimensions().get(0);
  }

  private static Signal grouped(OperationCall call, Signal input, int groups, int scales) {
    Layer layer = new GroupNorm(groups, epsilon(call));
    TensorShape shape = call.draft().shape(input.node());
    if (!input.order().isPlain() || shape.channels() % groups != 0) {
      throw new GraphException(
          "it must normalise whole channels, channels first, in groups of as many: groups=%d, input=%s, layer=%s"
              .formatted(groups, input.dimensions(), shape));
    }
    List<float[]> values =
        List.of(
            spread(call.requiredConstant(1), scales, shape.channels()),
            spread(call.requiredConstant(2), scales, shape.channels()));
    return normalised(call, layer, input, values);
  }

  private static float[] spread(OnnxConstant constant, int count, int channels) {
    float[] each = constant.floats();
    requireCount(each, count);
    float[] spread = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      spread[channel] = each[channel / (channels / count)];
    }
    return spread;
  }

  /** Normalises all values of a vector, or the features of each position of a sequence. */
  static ConvertedValue layer(OperationCall call) {
    Signal given = call.applied(0);
    boolean ofPositions = SequenceView.isFeaturesLast(call.draft(), given);
    Signal input = ofPositions ? given : call.vector(given);
    int last = input.dimensions().size();
    int axis = AxisMapping.of(call.attributes().whole("axis", -1), last + 1);
    if (axis != last) {
      throw new GraphException(
          "it must be over the features alone, which are last: axis=%d, input=%s"
              .formatted(axis, input.dimensions()));
    }
    int features = input.dimensions().get(last - 1);
    float[] scale = call.requiredConstant(1).floats();
    float[] shift = call.constant(2).map(OnnxConstant::floats).orElseGet(() -> new float[features]);
    requireCount(scale, features);
    requireCount(shift, features);
    if (ofPositions) {
      Layer layer = new PositionNorm(true, 0, epsilon(call));
      return normalised(call, layer, input, List.of(scale, shift));
    }
    List<float[]> values = List.of(input.order().placed(scale), input.order().placed(shift));
    return normalised(call, new GroupNorm(1, epsilon(call)), input, values);
  }

  /**
   * A norm over features without scale and shift, which may follow.
   *
   * @param width as that of a position norm
   */
  static Signal ofPositions(
      OperationCall call, Signal input, boolean centred, int width, float epsilon) {
    TensorShape shape = call.draft().shape(input.node());
    List<float[]> values = List.of(filled(shape.channels(), 1), new float[shape.channels()]);
    Layer layer =
        shape.isSequence() ? new PositionNorm(centred, width, epsilon) : new GroupNorm(1, epsilon);
    if (!shape.isSequence() && (!centred || width > 0)) {
      throw new GraphException("an RMS norm must be of a sequence: input=" + shape);
    }
    String node =
        call.draft()
            .add(call.name(""), layer, List.of(input.node()), values.subList(0, centred ? 2 : 1));
    call.translation().made(call.operation().output(), node);
    return new Signal(node, input.dimensions(), input.order());
  }

  static ConvertedValue localResponse(OperationCall call) {
    Attributes given = call.attributes();
    Layer layer =
        new LocalResponseNorm(
            Math.toIntExact(given.whole("size", 0)),
            given.number("alpha", 1e-4f),
            given.number("beta", 0.75f),
            given.number("bias", 1));
    return call.alike(layer, call.image(0));
  }

  private static float epsilon(OperationCall call) {
    return call.attributes().number("epsilon", Layer.EPSILON);
  }

  private static void requireCount(float[] values, int expected) {
    if (values.length != expected) {
      throw new GraphException(
          "it must have a number for each of what it scales: values=%d, expected=%d"
              .formatted(values.length, expected));
    }
  }

  private static Signal normalised(
      OperationCall call, Layer layer, Signal input, List<float[]> values) {
    String node = call.draft().add(call.nameOfWeight(1), layer, List.of(input.node()), values);
    call.translation().made(call.operation().output(), node);
    return new Signal(node, input.dimensions(), input.order());
  }

  /** Merges a following scale into a group norm without one; empty if there is no such norm. */
  static Optional<Signal> scaled(OperationCall call, int index, Signal signal, float[] scale) {
    Optional<String> norm =
        maker(call, index, signal)
            .filter(node -> Arrays.equals(filled(scale.length, 1), scaleOf(call, node)));
    return norm.map(
        node -> {
          Optional<String> weight =
              call.operation().input(1 - index).flatMap(call.translation()::origin);
          String name =
              weight.filter(GraphNames::says).isPresent() ? call.nameOfWeight(1 - index) : node;
          List<float[]> values = new ArrayList<>(call.draft().values(node));
          values.set(0, scale);
          return replaced(call, signal, name, values);
        });
  }

  static Optional<Signal> shifted(OperationCall call, int index, Signal signal, float[] shift) {
    return maker(call, index, signal)
        .filter(node -> call.draft().values(node).size() == 2)
        .map(node -> replaced(call, signal, node, List.of(scaleOf(call, node), shift)));
  }

  /**
   * A norm over groups or features (a batch norm has four parameters) without a shift, read only
   * here.
   */
  private static Optional<String> maker(OperationCall call, int index, Signal signal) {
    return call.onlyMaker(index, signal)
        .filter(node -> call.draft().node(node).layer() instanceof NormLayer)
        .filter(node -> call.draft().values(node).size() <= 2)
        .filter(
            node ->
                call.draft().values(node).stream()
                    .skip(1)
                    .allMatch(shift -> Arrays.equals(new float[shift.length], shift)));
  }

  private static Signal replaced(
      OperationCall call, Signal signal, String name, List<float[]> values) {
    String node = call.draft().replace(signal.node(), name, values);
    call.translation().made(call.operation().output(), node);
    return new Signal(node, signal.dimensions(), signal.order());
  }

  private static float[] scaleOf(OperationCall call, String node) {
    return call.draft().values(node).get(0);
  }

  private static float[] filled(int length, float value) {
    float[] filled = new float[length];
    Arrays.fill(filled, value);
    return filled;
  }
}
