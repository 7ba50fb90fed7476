package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * Fully connected layer, of a sequence at each position; weight {@code [outputs, features]}, bias
 * {@code [outputs]}.
 */
record Linear(int outputs, boolean bias) implements Layer {
  static final LayerKind KIND = LayerKind.of("linear", Linear.class, Linear::read).withPrefix("fc");

  Linear {
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
  public NDArray forward(Forward pass) {
    NDArray input = Forward.featuresLast(pass.input());
    NDArray output =
        (bias
                ? ai.djl.nn.core.Linear.linear(input, pass.parameter(0), pass.parameter(1))
                : ai.djl.nn.core.Linear.linear(input, pass.parameter(0)))
            .singletonOrThrow();
    return Forward.featuresFirst(output);
  }

  @Override
  public Optional<Patches> patches() {
    return Optional.of(Patches.PLACES);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Linear(outputs, bias);
  }

  @Override
  public String export(OnnxNode node) {
    return node.output().isSequence()
        ? atEachPosition(node)
        : node.operation("Gemm", new Attributes().with("transB", 1));
  }

  private String atEachPosition(OnnxNode node) {
    String weight = node.parameters().get(0);
    if (!bias) {
      return node.whole("MatMul", weight, node.input());
    }
    String product = node.part("product", "MatMul", weight, node.input());
    return node.whole("Add", product, node.alongFeatures(node.parameters().get(1)));
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
  public Optional<ChannelUse> use(int channels) {
    return Optional.of(new ChannelUse(true, 1, 1));
  }

  @Override
  public Optional<Layer> withBias() {
    return bias ? Optional.empty() : Optional.of(new Linear(outputs, true));
  }
}
