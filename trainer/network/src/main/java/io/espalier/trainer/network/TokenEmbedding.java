package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * Features of tokens: {@code 1×1×positions} numbers of tokens in, a sequence out. Weight {@code
 * [features, tokens]}: a linear layer of the unit vectors of tokens.
 */
public record TokenEmbedding(int tokens, int features)
    implements Layer, ReadsTokens, WeightedLayer {
  static final LayerKind KIND =
      LayerKind.of("token-embedding", TokenEmbedding.class, TokenEmbedding::read)
          .withPrefix("tokens");

  public TokenEmbedding {
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
