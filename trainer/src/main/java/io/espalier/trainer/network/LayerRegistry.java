package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds;
import io.espalier.trainer.network.Activation.Function;
import java.util.List;

/** The registry of layers: one line per kind. */
public final class LayerRegistry implements LayerKinds {
  static final List<LayerKind> KINDS =
      List.of(
          Flatten.KIND,
          Convolution.KIND,
          Linear.KIND,
          BatchNorm.KIND,
          GroupNorm.KIND,
          GroupNorm.LAYER_NORM,
          LocalResponseNorm.KIND,
          Activation.KIND,
          Activation.kind(Function.RELU, "relu"),
          Activation.kind(Function.RELU6, "relu"),
          LeakyRelu.KIND,
          Activation.kind(Function.HARD_SWISH, "hard-swish"),
          Activation.kind(Function.SIGMOID, "sigmoid"),
          Activation.kind(Function.TANH, "tanh"),
          Activation.kind(Function.GELU, "gelu"),
          Activation.kind(Function.GELU_TANH, "gelu"),
          Activation.kind(Function.SILU, "silu"),
          MaxPool.KIND,
          AveragePool.KIND,
          GlobalAveragePool.KIND,
          FlattenPositions.KIND,
          MeanPool.KIND,
          FirstPosition.KIND,
          Add.KIND,
          Concat.KIND,
          ChannelShuffle.KIND,
          Multiply.KIND,
          Clip.KIND,
          Affine.KIND,
          ChannelAffine.KIND,
          Pad.KIND,
          TokenEmbedding.KIND,
          PositionEmbedding.KIND,
          ClassToken.KIND,
          RotaryEmbedding.KIND,
          PaddingMask.KIND,
          PositionNorm.KIND,
          PositionNorm.RMS_NORM,
          Attention.KIND);

  @Override
  public List<Kind> all() {
    return KINDS.stream().filter(kind -> kind.reader().isPresent()).map(Kind.class::cast).toList();
  }

  static LayerKind named(String name) {
    return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }
}
