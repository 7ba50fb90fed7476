package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * Features of tokens: {@code 1×1×positions} numbers of tokens in, a sequence out. Weight {@code
 * [features, tokens]}: a linear layer of the unit vectors of tokens.
 */
record TokenEmbedding(int tokens, int features) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("token-embedding", TokenEmbedding.class, TokenEmbedding::read)
          .withPrefix("tokens");

  private static final int INT64 = 7;

  TokenEmbedding {
    LayerParameters.requirePositive("tokens", tokens);
    LayerParameters.requirePositive("features", features);
  }

  private static LayerKind.Maker read(Settings settings) {
    int features = settings.required("features", "the width of the sequence, such as 128");
    new Rules().require("features", features, features >= 1, "1 or more").verify();
    return sizes -> new TokenEmbedding(sizes.tokens(), features);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.sequence(features, positions(inputs.get(0)));
  }

  /** The positions of a text. */
  static int positions(TensorShape input) {
    int positions = input.dimensions().get(input.dimensions().size() - 1);
    if (!input.equals(TensorShape.image(1, 1, positions))) {
      throw new TensorShape.MismatchException(
          "from", "its input must be the tokens of a text, 1×1×positions: input=" + input);
    }
    return positions;
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.weights(node, List.of(features, tokens), 1, false, 0);
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray weight = pass.parameter(0).transpose();
    NDArray features =
        Embedding.embedding(numbers(pass.input()), weight, SparseFormat.DENSE).singletonOrThrow();
    return Forward.featuresFirst(features);
  }

  private static NDArray numbers(NDArray input) {
    return input.reshape(input.getShape().get(0), -1).toType(DataType.INT64, false);
  }

  @Override
  public Optional<Patches> patches() {
    return Optional.of(Patches.PLACES);
  }

  @Override
  public NDArray weighed(NDArray input) {
    return numbers(input).oneHot(tokens).transpose(0, 2, 1);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.TokenEmbedding(tokens, features);
  }

  @Override
  public String export(OnnxNode node) {
    String numbers = node.graph().takesTokens() ? node.input() : numbers(node);
    String rows = node.transposed("rows", node.parameters().get(0), 1, 0);
    String found = node.part("found", "Gather", rows, numbers);
    return node.whole("Transpose", List.of(found), new Attributes().with("perm", List.of(0, 2, 1)));
  }

  private static String numbers(OnnxNode node) {
    String shape = node.longs("shape", 0, node.output().positions());
    String flat = node.part("flat", "Reshape", node.input(), shape);
    return node.part("numbers", "Cast", List.of(flat), new Attributes().with("to", INT64));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort all = layer.graph().channels(tokens);
    layer.graph().forbid(all, PruningConstraint.NETWORK_INPUT);
    return layer.connected(layer.graph().channels(features), all);
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new TokenEmbedding(tokens, left);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return true;
  }
}
