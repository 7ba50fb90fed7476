package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * One computation of a network: settings without parameter values.
 *
 * <p>A layer is a record in a file of its own, listed by its {@link LayerKind} in {@link
 * LayerRegistry}. Model files store the record's components by name: those never change.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Layer {
  /** The default that norms add to a variance. */
  float EPSILON = 1e-5f;

  /** A function of a value x; model files store the constant's name. */
  enum Function {
    RELU,
    /** min(max(x, 0), 6) (Howard et al., "MobileNets", 2017). */
    RELU6,
    /** x · relu6(x + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019). */
    HARD_SWISH,
    SIGMOID,
    TANH,
    /** x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, 2016). */
    GELU,
    /** GELU with Φ by a tanh: x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
    GELU_TANH,
    /** x · sigmoid(x) (Hendrycks and Gimpel, 2016). */
    SILU
  }

  /**
   * How a layer uses its channels.
   *
   * @param mixes whether outputs depend on all inputs (of a group), so that both can be cut apart
   * @param inputUnit channels of the input that can only be cut together
   */
  record ChannelUse(boolean mixes, int inputUnit, int outputUnit) {}

  default boolean takes(int inputs) {
    return inputs == 1;
  }

  /**
   * The output's shape, by default the first input's; throws {@link TensorShape.MismatchException}.
   */
  default TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0);
  }

  /** Parameters in the order in which the layer takes them, named {@code node.role}. */
  default List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return List.of();
  }

  NDArray forward(Forward pass);

  /** Values of an example that a pass holds beside its output, such as the weights of attention. */
  default long intermediates(List<TensorShape> inputs) {
    return 0;
  }

  /** The same in plain Java on kept weights. */
  SparseLayer sparse();

  /** Writes the operations of ONNX opset 17 that compute the same; returns the output's name. */
  String export(OnnxNode node);

  /**
   * Declares which channels are cut together, and returns the output's; by default the inputs' own.
   */
  default ChannelPort channels(LayerChannels layer) {
    layer.inputs().forEach(each -> layer.graph().tie(layer.input(), each));
    return layer.perChannel(layer.input());
  }

  /**
   * Whether pruned channels of its output are 0, by whether those of its inputs are; asked of
   * layers in front of a {@link PositionNorm}, and of those that a residual goes around.
   */
  default boolean prunesToZero(List<Boolean> inputs) {
    return !inputs.contains(false);
  }

  /** This layer after a cut, with the channels left of its first input and of its output. */
  default Layer narrowed(int channels, int outputs) {
    return this;
  }

  /** Its use of an input's channels; empty for a layer whose time is not measured. */
  default Optional<ChannelUse> use(int channels) {
    return Optional.empty();
  }

  /** What of its input its weight multiplies; empty for a layer without one. */
  default Optional<Patches> patches() {
    return Optional.empty();
  }

  /** What its weight multiplies as an input of {@link #patches}, {@code [batch, inputs, …]}. */
  default NDArray weighed(NDArray input) {
    return input;
  }

  /** Whether it normalises, so that a scale of the layer before it has no effect. */
  default boolean normalises() {
    return false;
  }

  /** Whether it is a function of single values, whose input is a neuron's pre-activation. */
  default boolean activates() {
    return false;
  }

  /** This layer with a bias as one more, last parameter; empty if it has one or cannot. */
  default Optional<Layer> withBias() {
    return Optional.empty();
  }

  static Layer convolution(
      int outputs, int kernel, int stride, int padding, int groups, boolean bias) {
    return new Convolution(outputs, kernel, stride, padding, groups, bias);
  }

  static Layer linear(int outputs, boolean bias) {
    return new Linear(outputs, bias);
  }

  static Layer batchNorm(float epsilon) {
    return new BatchNorm(epsilon);
  }

  static Layer groupNorm(int groups, float epsilon) {
    return new GroupNorm(groups, epsilon);
  }

  static Layer localResponseNorm(int size, float alpha, float beta, float bias) {
    return new LocalResponseNorm(size, alpha, beta, bias);
  }

  static Layer activation(Function function) {
    return new Activation(function);
  }

  static Layer leakyRelu(float slope) {
    return new LeakyRelu(slope);
  }

  static Layer clip(float min, float max) {
    return new Clip(min, max);
  }

  static Layer affine(float scale, float shift) {
    return new Affine(scale, shift);
  }

  static Layer channelAffine(boolean scaled, boolean shifted) {
    return new ChannelAffine(scaled, shifted);
  }

  static Layer pad(int top, int left, int bottom, int right, boolean lowest) {
    return new Pad(top, left, bottom, right, lowest);
  }

  static Layer maxPool(int kernel, int stride, int padding) {
    return new MaxPool(kernel, stride, padding);
  }

  static Layer averagePool(int kernel, int stride, int padding, boolean countsPadding) {
    return new AveragePool(kernel, stride, padding, countsPadding);
  }

  static Layer globalAveragePool() {
    return new GlobalAveragePool();
  }

  static Layer tokenEmbedding(int tokens, int features) {
    return new TokenEmbedding(tokens, features);
  }

  static Layer positionEmbedding() {
    return new PositionEmbedding();
  }

  static Layer positionNorm(boolean centred, int width, float epsilon) {
    return new PositionNorm(centred, width, epsilon);
  }

  static Layer rotaryEmbedding(int headSize, float base) {
    return new RotaryEmbedding(headSize, base);
  }

  static Layer attention(int headSize, boolean causal) {
    return new Attention(headSize, causal);
  }

  static Layer meanPool() {
    return new MeanPool();
  }

  static Layer firstPosition() {
    return new FirstPosition();
  }

  static Layer classToken() {
    return new ClassToken();
  }

  static Layer paddingMask(int padding) {
    return new PaddingMask(padding);
  }

  static Layer add() {
    return new Add();
  }

  static Layer multiply() {
    return new Multiply();
  }

  static Layer concat() {
    return new Concat();
  }

  static Layer channelShuffle(int groups) {
    return new ChannelShuffle(groups);
  }

  static Layer flatten() {
    return new Flatten();
  }

  static Layer flattenPositions() {
    return new FlattenPositions();
  }
}
