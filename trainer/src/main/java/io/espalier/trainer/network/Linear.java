package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Fully connected layer; weight {@code [outputs, features]}, bias {@code [outputs]}. */
record Linear(int outputs, boolean bias) implements Layer {
  static final LayerKind KIND = LayerKind.of("linear", Linear.class, Linear::read).withPrefix("fc");

  Linear {
    LayerParameters.requirePositive("outputs", outputs);
  }

  private static IntFunction<Layer> read(Settings settings) {
    int outputs = settings.outputs("features");
    boolean bias = settings.flag("bias", true);
    return classes -> new Linear(outputs == Settings.CLASSES ? classes : outputs, bias);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    inputs.get(0).requireVector();
    return TensorShape.vector(outputs);
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.weights(node, List.of(outputs, inputs.get(0).channels()), 1, bias, 1);
  }

  @Override
  public NDArray forward(Forward pass) {
    return (bias
            ? ai.djl.nn.core.Linear.linear(pass.input(), pass.parameter(0), pass.parameter(1))
            : ai.djl.nn.core.Linear.linear(pass.input(), pass.parameter(0)))
        .singletonOrThrow();
  }

  @Override
  public Optional<Patches> patches() {
    return Optional.of(Patches.VECTOR);
  }

  @Override
  public Optional<SparseLayer> sparse() {
    return Optional.of(new SparseLayer.Linear(outputs, bias));
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("Gemm", new Attributes().with("transB", 1));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    return layer.connected(layer.graph().channels(outputs), layer.input());
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new Linear(left, bias);
  }

  @Override
  public Optional<ChannelUse> use(int channels) {
    return Optional.of(new ChannelUse(true, 1, 1));
  }

  @Override
  public Optional<Layer> withBias() {
    return bias ? Optional.empty() : Optional.of(new Linear(outputs, true));
  }
}
