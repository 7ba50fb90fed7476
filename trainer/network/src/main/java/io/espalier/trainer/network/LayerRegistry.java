package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds;
import io.espalier.trainer.network.Activation.Function;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The registry of layers: one line per kind, then those of the class path. */
public final class LayerRegistry implements LayerKinds {
  private static final List<LayerKind> BUILT_IN =
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

  static final List<LayerKind> KINDS = withInstalled();

  @Override
  public List<Kind> all() {
    return KINDS.stream().filter(kind -> kind.reader().isPresent()).map(Kind.class::cast).toList();
  }

  /** A name that is taken stays that of the kind that has it. */
  private static List<LayerKind> withInstalled() {
    Map<String, LayerKind> kinds = new LinkedHashMap<>();
    BUILT_IN.forEach(kind -> kinds.put(kind.name(), kind));
    LayerForms.<RecipeForm<?>>of(RecipeForm.class, Map.of())
        .all()
        .forEach(form -> kinds.putIfAbsent(form.kind().name(), form.kind()));
    return List.copyOf(kinds.values());
  }

  /** Begins the names of layers without one. */
  static String prefix(Layer layer) {
    return KINDS.stream()
        .filter(kind -> kind.stored().filter(layer.getClass()::equals).isPresent())
        .map(LayerKind::prefix)
        .findFirst()
        .orElse("layer");
  }

  static LayerKind named(String name) {
    return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }
}
