package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;

final class WeightRules {
  private WeightRules() {}

  static ConvertedValue convolution(OperationCall call) {
    Signal images = call.image(0);
    OnnxConstant weight = call.requiredConstant(1);
    WindowGeometry sliding = WindowGeometry.ofConvolution(call, weight.dimensions());
    int outputs = weight.dimensions().get(0);
    int groups = Math.toIntExact(call.attributes().whole("group", 1));
    int channels = images.dimensions().get(0);
    if ((long) weight.dimensions().get(1) * groups != channels) {
      throw new GraphException(
          "its weight must fit its input: weight=%s, groups=%d, input=%s"
              .formatted(weight.dimensions(), groups, images.dimensions()));
    }
    List<float[]> values = new ArrayList<>(List.of(weight.floats()));
    call.constant(2).ifPresent(bias -> values.add(bias.floats()));
    boolean bias = values.size() > 1;
    TensorShape shape = call.draft().shape(images.node());
    String name = call.nameOfWeight(1);
    if (shape.isVector()) {
      sliding.requireSinglePlace(groups);
      String node =
          call.draft().add(name, new Linear(outputs, bias), List.of(images.node()), values);
      return made(call, new Signal(node, List.of(outputs, 1, 1), TopologicalOrder.plain(outputs)));
    }
    WindowGeometry.Placed placed = sliding.padded(call, images, false);
    Layer layer =
        new Convolution(
            outputs, sliding.kernel(), sliding.stride(), placed.padding(), groups, bias);
    return made(call, call.plain(call.draft().add(name, layer, List.of(placed.node()), values)));
  }

  static ConvertedValue gemm(OperationCall call) {
    if (call.attributes().whole("transA", 0) != 0) {
      throw new GraphException("transA must be 0: its input must have the batch first");
    }
    boolean turned = call.attributes().whole("transB", 0) != 0;
    float alpha = call.attributes().number("alpha", 1);
    float beta = call.attributes().number("beta", 1);
    Signal output = linear(call, turned, alpha);
    int outputs = call.draft().shape(output.node()).channels();
    call.constant(2)
        .ifPresent(
            given -> {
              int[] sources = AxisMapping.broadcastSources(given.dimensions(), List.of(1, outputs));
              float[] bias = new float[outputs];
              float[] from = given.floats();
              for (int i = 0; i < outputs; i++) {
                bias[i] = beta * from[sources[i]];
              }
              call.draft().extend(output.node(), new Linear(outputs, true), bias);
            });
    return made(call, output);
  }

  static ConvertedValue product(OperationCall call) {
    if (call.required(0) instanceof ConvertedValue.Fixed weight) {
      return made(call, ofPositions(call, weight.constant()));
    }
    return made(call, linear(call, false, 1));
  }

  /** The weight, {@code [outputs, features]}, stands in front of a sequence as layers have it. */
  private static Signal ofPositions(OperationCall call, OnnxConstant weight) {
    Signal input = call.applied(1);
    if (!SequenceView.isFeaturesFirst(call.draft(), input)) {
      throw new GraphException("its first input must come from the example, not be a constant");
    }
    requireFit(weight, 1, input.dimensions().get(0));
    Layer layer = new Linear(weight.dimensions().get(0), false);
    List<float[]> values = List.of(weight.floats());
    return call.plain(call.draft().add(call.nameOfWeight(0), layer, List.of(input.node()), values));
  }

  private static void requireFit(OnnxConstant weight, int axis, int features) {
    if (weight.dimensions().size() != 2 || weight.dimensions().get(axis) != features) {
      throw new GraphException(
          "its weight must fit its input: weight=%s, features=%d"
              .formatted(weight.dimensions(), features));
    }
  }

  /** The weight is {@code [inputs, outputs]}, or {@code [outputs, inputs]} if {@code turned}. */
  private static Signal linear(OperationCall call, boolean turned, float alpha) {
    OnnxConstant weight = call.requiredConstant(1);
    Signal given = call.applied(0);
    boolean ofPositions = SequenceView.isFeaturesLast(call.draft(), given);
    Signal input = ofPositions ? given : call.vector(given);
    int features = input.dimensions().get(ofPositions ? 1 : 0);
    requireFit(weight, turned ? 1 : 0, features);
    int outputs = weight.dimensions().get(turned ? 0 : 1);
    float[] from = weight.floats();
    float[] values = new float[from.length];
    float[] row = new float[features];
    for (int output = 0; output < outputs; output++) {
      for (int feature = 0; feature < features; feature++) {
        row[feature] =
            alpha * from[turned ? output * features + feature : feature * outputs + output];
      }
      float[] placed = ofPositions ? row : input.order().placed(row);
      System.arraycopy(placed, 0, values, output * features, features);
    }
    String name = call.nameOfWeight(1);
    Layer layer = new Linear(outputs, false);
    String node = call.draft().add(name, layer, List.of(input.node()), List.of(values));
    return ofPositions ? SequenceView.featuresLast(call.draft(), node) : call.plain(node);
  }

  private static Signal made(OperationCall call, Signal output) {
    call.translation().made(call.operation().output(), output.node());
    return output;
  }
}
