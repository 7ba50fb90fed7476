package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;
import java.util.Optional;

/**
 * Two-dimensional convolution with a square kernel; weight {@code [outputs, channels / groups,
 * kernel, kernel]}, bias {@code [outputs]}; depth-wise if each channel is a group.
 */
public record Convolution(
    int outputs, int kernel, int stride, int padding, int groups, boolean bias)
    implements Layer, BiasableLayer, MixingLayer, WeightedLayer {
  static final LayerKind KIND =
      LayerKind.of("convolution", Convolution.class, Convolution::read).withPrefix("conv");

  public Convolution {
    LayerParameters.requirePositive("outputs", outputs);
    LayerParameters.requirePositive("groups", groups);
    SlidingWindow unused = new SlidingWindow(kernel, stride, padding);
  }

  private static LayerKind.Maker read(Settings settings) {
    int outputs = settings.outputs("channels");
    int kernel = settings.required("kernel", "the side of its square window, such as 3");
    int stride = settings.whole("stride", 1);
    int padding = settings.whole("padding", 0);
    int groups = settings.whole("groups", 1);
    boolean bias = settings.flag("bias", true);
    SlidingWindow.rules(kernel, stride, padding)
        .require("groups", groups, groups >= 1, "1 or more")
        .require("groups", groups, groups < 1 || outputs % groups == 0, "a divisor of outputs")
        .verify();
    return sizes ->
        new Convolution(
            outputs == Settings.CLASSES ? sizes.classes() : outputs,
            kernel,
            stride,
            padding,
            groups,
            bias);
  }

  private boolean depthwise(int channels) {
    return groups > 1 && groups == channels;
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    int channels = inputs.get(0).requireImage().channels();
    if (channels % groups != 0 || outputs % groups != 0) {
      throw new TensorShape.MismatchException(
          "groups",
          "its groups must divide its channels: groups=%d, input=%s, outputs=%d"
              .formatted(groups, inputs.get(0), outputs));
    }
    return inputs.get(0).slide(outputs, kernel, stride, padding);
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    int channels = inputs.get(0).channels();
    List<Integer> shape = List.of(outputs, channels / groups, kernel, kernel);
    int positions = outputOf(inputs).size() / outputs;
    return LayerParameters.weights(node, shape, groups, bias, positions);
  }

  @Override
  public Unfold unfold() {
    return new Unfold(kernel, stride, padding, groups);
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    DependencyGraph graph = layer.graph();
    ChannelPort input = layer.input();
    if (groups == 1) {
      return layer.connected(graph.channels(outputs), input);
    }
    if (groups == input.size()) {
      return layer.kept(layer.perChannel(graph.repeated(input, outputs / groups)));
    }
    ChannelPort output = graph.channels(outputs);
    ChannelPort unused = graph.tiedParts(output, groups);
    return layer.connected(output, graph.tiedParts(input, groups));
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return !bias;
  }

  @Override
  public Layer narrowed(int channels, int left) {
    int leftGroups = depthwise(channels) ? left / (outputs / groups) : groups;
    return new Convolution(left, kernel, stride, padding, leftGroups, bias);
  }

  @Override
  public ChannelMixing mixing(int channels) {
    return depthwise(channels)
        ? new ChannelMixing(false, 1, outputs / groups)
        : new ChannelMixing(true, groups, groups);
  }

  @Override
  public Optional<Layer> withBias() {
    return bias
        ? Optional.empty()
        : Optional.of(new Convolution(outputs, kernel, stride, padding, groups, true));
  }
}
