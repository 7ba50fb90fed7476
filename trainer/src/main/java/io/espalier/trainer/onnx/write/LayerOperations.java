package io.espalier.trainer.onnx.write;

import io.espalier.configs.LayerConfig.Function;
import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.write.GraphWriter.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Writes each layer as the operations of opset 17 that do what the layer does. */
final class LayerOperations {
  private final Network network;
  private final GraphWriter graph;

  LayerOperations(Network network, GraphWriter graph) {
    this.network = network;
    this.graph = graph;
  }

  /**
   * Writes a node and returns what its output is called.
   *
   * @param inputs what the outputs of the nodes that it reads are called
   */
  String write(GraphNode node, List<String> inputs) {
    Layer layer = node.layer();
    String name = node.name();
    if (layer instanceof Layer.Convolution convolution) {
      return graph.add(name, "Conv", withParameters(node, inputs), window(convolution));
    } else if (layer instanceof Layer.Linear) {
      return graph.add(
          name, "Gemm", withParameters(node, inputs), new Attributes().with("transB", 1));
    } else if (layer instanceof Layer.BatchNorm norm) {
      Attributes attributes = new Attributes().with("epsilon", norm.epsilon());
      return graph.add(name, "BatchNormalization", withParameters(node, inputs), attributes);
    } else if (layer instanceof Layer.GroupNorm norm) {
      return groupNorm(node, norm, inputs.get(0));
    } else if (layer instanceof Layer.ChannelAffine affine) {
      return channelAffine(node, affine, inputs.get(0));
    } else if (layer instanceof Layer.Add) {
      return graph.add(name, inputs.size() == 2 ? "Add" : "Sum", inputs.toArray(String[]::new));
    } else if (layer instanceof Layer.Multiply) {
      return graph.add(name, "Mul", broadcast(node, inputs).toArray(String[]::new));
    } else if (layer instanceof Layer.Concat) {
      return graph.add(name, "Concat", inputs, new Attributes().with("axis", 1));
    }
    return window(name, layer, inputs.get(0));
  }

  private String window(String name, Layer layer, String input) {
    List<String> inputs = List.of(input);
    if (layer instanceof Layer.MaxPool pool) {
      return graph.add(
          name, "MaxPool", inputs, window(pool.kernel(), pool.stride(), pool.padding()));
    } else if (layer instanceof Layer.AveragePool pool) {
      Attributes attributes =
          window(pool.kernel(), pool.stride(), pool.padding())
              .with("count_include_pad", pool.countsPadding() ? 1 : 0);
      return graph.add(name, "AveragePool", inputs, attributes);
    } else if (layer instanceof Layer.GlobalAveragePool) {
      String mean = graph.add(name + ".mean", "GlobalAveragePool", input);
      return graph.add(name, "Flatten", List.of(mean), new Attributes().with("axis", 1));
    } else if (layer instanceof Layer.Flatten) {
      return graph.add(name, "Flatten", inputs, new Attributes().with("axis", 1));
    } else if (layer instanceof Layer.Pad pad) {
      String sides =
          graph.longs(name + ".pads", 0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right());
      float value = pad.lowest() ? Float.NEGATIVE_INFINITY : 0;
      return graph.add(name, "Pad", input, sides, graph.scalar(name + ".value", value));
    }
    return elementwise(name, layer, input);
  }

  private String elementwise(String name, Layer layer, String input) {
    if (layer instanceof Layer.Activation activation) {
      return activation(name, activation.function(), input);
    } else if (layer instanceof Layer.LeakyRelu leaky) {
      return graph.add(
          name, "LeakyRelu", List.of(input), new Attributes().with("alpha", leaky.slope()));
    } else if (layer instanceof Layer.Clip clip) {
      return clip(name, input, clip.min(), clip.max());
    } else if (layer instanceof Layer.Affine affine) {
      String scale = graph.scalar(name + ".scale", affine.scale());
      String shift = graph.scalar(name + ".shift", affine.shift());
      return graph.add(name, "Add", graph.add(name + ".scaled", "Mul", input, scale), shift);
    }
    throw new IllegalArgumentException("a layer must have operations: layer=" + layer);
  }

  private String activation(String name, Function function, String input) {
    return switch (function) {
      case RELU -> graph.add(name, "Relu", input);
      case RELU6 -> clip(name, input, 0, 6);
      case HARD_SWISH -> graph.add(name, "HardSwish", input);
      case SIGMOID -> graph.add(name, "Sigmoid", input);
      case TANH -> graph.add(name, "Tanh", input);
      case GELU -> gelu(name, input);
    };
  }

  /** {@code x · (1 + erf(x / √2)) / 2}: opset 17 has no operation of its own for it. */
  private String gelu(String name, String input) {
    String root = graph.scalar(name + ".root", (float) Math.sqrt(2));
    String erf = graph.add(name + ".erf", "Erf", graph.add(name + ".over", "Div", input, root));
    String plus = graph.add(name + ".plus", "Add", erf, graph.scalar(name + ".one", 1));
    String product = graph.add(name + ".product", "Mul", input, plus);
    return graph.add(name, "Mul", product, graph.scalar(name + ".half", 0.5f));
  }

  private String clip(String name, String input, float min, float max) {
    return graph.add(
        name, "Clip", input, graph.scalar(name + ".min", min), graph.scalar(name + ".max", max));
  }

  /** Opset 17 has no norm of groups; its norm of instances is one, of channels that are groups. */
  private String groupNorm(GraphNode node, Layer.GroupNorm layer, String input) {
    String name = node.name();
    TensorShape extent = network.extent(name);
    Attributes epsilon = new Attributes().with("epsilon", layer.epsilon());
    if (extent.isVector() && layer.groups() == 1) {
      return graph.add(
          name,
          "LayerNormalization",
          withParameters(node, List.of(input)),
          epsilon.with("axis", 1));
    }
    String apart =
        graph.add(
            name + ".apart",
            "Reshape",
            input,
            graph.longs(name + ".groups", 0, layer.groups(), -1));
    float[] ones = new float[layer.groups()];
    Arrays.fill(ones, 1);
    List<Integer> perGroup = List.of(layer.groups());
    String one = graph.floats(name + ".ones", perGroup, ones);
    String zero = graph.floats(name + ".zeros", perGroup, new float[layer.groups()]);
    String normalised =
        graph.add(
            name + ".normalised", "InstanceNormalization", List.of(apart, one, zero), epsilon);
    long[] shape =
        LongStream.concat(
                LongStream.of(0), extent.dimensions().stream().mapToLong(Integer::longValue))
            .toArray();
    String together =
        graph.add(name + ".together", "Reshape", normalised, graph.longs(name + ".shape", shape));
    return channelAffine(node, new Layer.ChannelAffine(true, true), together);
  }

  private String channelAffine(GraphNode node, Layer.ChannelAffine layer, String input) {
    List<ParameterSpec> parameters = network.parametersOf(node);
    List<String> names = parameters.stream().map(each -> each.id().name()).toList();
    String last = input;
    for (int i = 0; i < names.size(); i++) {
      String values = isImage(node.inputs().get(0)) ? alongChannels(names.get(i)) : names.get(i);
      boolean isLast = i == names.size() - 1;
      boolean scales = layer.scaled() && i == 0;
      last =
          graph.add(node.name() + (isLast ? "" : ".scaled"), scales ? "Mul" : "Add", last, values);
    }
    return last;
  }

  /** A vector as {@code [channels, 1, 1]}, or with the batch before it. */
  private String alongChannels(String vector) {
    String axes = graph.longs(vector + ".axes", 1, 2);
    return graph.add(vector + ".channels", "Unsqueeze", vector, axes);
  }

  private List<String> broadcast(GraphNode node, List<String> inputs) {
    List<String> same = new ArrayList<>();
    boolean anyImage = node.inputs().stream().anyMatch(this::isImage);
    for (int i = 0; i < inputs.size(); i++) {
      boolean widen = anyImage && !isImage(node.inputs().get(i));
      String axes = widen ? graph.longs(node.name() + ".axes", 2, 3) : "";
      same.add(
          widen
              ? graph.add(node.name() + ".channels", "Unsqueeze", inputs.get(i), axes)
              : inputs.get(i));
    }
    return same;
  }

  private boolean isImage(String node) {
    TensorShape extent = network.extent(node);
    return !extent.isVector();
  }

  private List<String> withParameters(GraphNode node, List<String> inputs) {
    List<String> all = new ArrayList<>(inputs);
    network.parametersOf(node).forEach(each -> all.add(each.id().name()));
    return all;
  }

  private static Attributes window(Layer.Convolution layer) {
    return window(layer.kernel(), layer.stride(), layer.padding()).with("group", layer.groups());
  }

  private static Attributes window(int kernel, int stride, int padding) {
    return new Attributes()
        .with("kernel_shape", List.of(kernel, kernel))
        .with("strides", List.of(stride, stride))
        .with("pads", List.of(padding, padding, padding, padding));
  }
}
