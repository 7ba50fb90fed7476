package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;
import java.util.Optional;

/**
 * Fully connected layer, of a sequence at each position; weight {@code [outputs, features]}, bias
 * {@code [outputs]}.
 */
public record Linear(int outputs, boolean bias)
    implements Layer, BiasableLayer, MixingLayer, WeightedLayer {
  static final LayerKind KIND = LayerKind.of("linear", Linear.class, Linear::read).withPrefix("fc");

  public Linear {
    LayerParameters.requirePositive("outputs", outputs);
  }

  private static LayerKind.Maker read(Settings settings) {
    int outputs = settings.outputs("features");
    boolean bias = settings.flag("bias", true);
    return sizes -> new Linear(outputs == Settings.CLASSES ? sizes.classes() : outputs, bias);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0).requireVectorOrSequence();
    return input.isSequence()
        ? TensorShape.sequence(outputs, input.positions())
        : TensorShape.vector(outputs);
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    TensorShape input = inputs.get(0);
    return LayerParameters.weights(
        node, List.of(outputs, input.channels()), 1, bias, input.positions());
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    return layer.connected(layer.graph().channels(outputs), layer.input());
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return !bias;
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new Linear(left, bias);
  }

  @Override
  public ChannelMixing mixing(int channels) {
    return new ChannelMixing(true, 1, 1);
  }

  @Override
  public Optional<Layer> withBias() {
    return bias ? Optional.empty() : Optional.of(new Linear(outputs, true));
  }
}
