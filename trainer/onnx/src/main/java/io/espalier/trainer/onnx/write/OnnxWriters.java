package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.network.Clip;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerForms;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** The registry of writers: one line per class of layers. */
final class OnnxWriters {
  private static final LayerForms<OnnxWriter<?>> FORMS =
      LayerForms.of(
          OnnxWriter.class,
          Map.ofEntries(
              writer(Activation.class, new ActivationWriter()),
              writer(
                  Add.class,
                  (layer, node) ->
                      node.whole(
                          node.inputs().size() == 2 ? "Add" : "Sum",
                          node.inputs().toArray(String[]::new))),
              writer(
                  Affine.class,
                  (layer, node) -> {
                    String factor = node.scalar("scale", layer.scale());
                    String summand = node.scalar("shift", layer.shift());
                    return node.whole(
                        "Add", node.part("scaled", "Mul", node.input(), factor), summand);
                  }),
              writer(Attention.class, new AttentionWriter()),
              writer(
                  AveragePool.class,
                  (layer, node) ->
                      node.operation(
                          "AveragePool",
                          OnnxAttributes.window(layer.kernel(), layer.stride(), layer.padding())
                              .with("count_include_pad", layer.countsPadding() ? 1 : 0))),
              writer(
                  BatchNorm.class,
                  (layer, node) ->
                      node.operation(
                          "BatchNormalization",
                          new OnnxAttributes().with("epsilon", layer.epsilon()))),
              writer(
                  ChannelAffine.class,
                  (layer, node) -> node.scaledAndShifted(node.input(), layer.scaled())),
              writer(ChannelShuffle.class, new ChannelShuffleWriter()),
              writer(ClassToken.class, new ClassTokenWriter()),
              writer(Clip.class, (layer, node) -> node.clip(layer.min(), layer.max())),
              writer(
                  Concat.class,
                  (layer, node) -> node.operation("Concat", new OnnxAttributes().with("axis", 1))),
              writer(
                  Convolution.class,
                  (layer, node) ->
                      node.operation(
                          "Conv",
                          OnnxAttributes.window(layer.kernel(), layer.stride(), layer.padding())
                              .with("group", layer.groups()))),
              writer(FirstPosition.class, new FirstPositionWriter()),
              writer(
                  Flatten.class,
                  (layer, node) -> node.operation("Flatten", new OnnxAttributes().with("axis", 1))),
              writer(
                  FlattenPositions.class,
                  (layer, node) ->
                      node.whole(
                          "Reshape",
                          node.input(),
                          node.longs(
                              "shape", 0, node.output().channels(), node.output().positions()))),
              writer(
                  GlobalAveragePool.class,
                  (layer, node) ->
                      node.whole(
                          "Flatten",
                          List.of(node.part("mean", "GlobalAveragePool", node.input())),
                          new OnnxAttributes().with("axis", 1))),
              writer(GroupNorm.class, new GroupNormWriter()),
              writer(
                  LeakyRelu.class,
                  (layer, node) ->
                      node.operation(
                          "LeakyRelu", new OnnxAttributes().with("alpha", layer.slope()))),
              writer(Linear.class, new LinearWriter()),
              writer(
                  LocalResponseNorm.class,
                  (layer, node) ->
                      node.operation(
                          "LRN",
                          new OnnxAttributes()
                              .with("size", layer.size())
                              .with("alpha", layer.alpha())
                              .with("beta", layer.beta())
                              .with("bias", layer.bias()))),
              writer(
                  MaxPool.class,
                  (layer, node) ->
                      node.operation(
                          "MaxPool",
                          OnnxAttributes.window(layer.kernel(), layer.stride(), layer.padding()))),
              writer(MeanPool.class, new MeanPoolWriter()),
              writer(Multiply.class, new MultiplyWriter()),
              writer(Pad.class, new PadWriter()),
              writer(PaddingMask.class, new PaddingMaskWriter()),
              writer(
                  PositionEmbedding.class,
                  (layer, node) ->
                      node.whole(
                          "Expand",
                          node.parameters().get(0),
                          node.part("shape", "Shape", node.input()))),
              writer(PositionNorm.class, new PositionNormWriter()),
              writer(RotaryEmbedding.class, new RotaryEmbeddingWriter()),
              writer(TokenEmbedding.class, new TokenEmbeddingWriter())));

  private OnnxWriters() {}

  /**
   * The writer of a layer.
   *
   * @throws IllegalArgumentException if it has none
   */
  @SuppressWarnings("unchecked")
  static OnnxWriter<Layer> of(String node, Layer layer) {
    return (OnnxWriter<Layer>)
        FORMS
            .find(layer)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a network must have layers with an ONNX form to be exported: node=%s, without an OnnxWriter=%s%s"
                            .formatted(node, layer, FORMS.unusableNote())));
  }

  private static <L extends Layer> Entry<Class<L>, OnnxWriter<L>> writer(
      Class<L> layer, OnnxWriter<L> writer) {
    return Map.entry(layer, writer);
  }
}
