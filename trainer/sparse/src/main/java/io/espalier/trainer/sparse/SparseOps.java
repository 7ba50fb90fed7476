package io.espalier.trainer.sparse;

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
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import io.espalier.trainer.network.WeightedLayer;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/** The registry of ops: one line per class of layers. */
public final class SparseOps {
  private static final LayerForms<SparseOp<?>> FORMS =
      LayerForms.of(
          SparseOp.class,
          Map.ofEntries(
              op(Activation.class, SparseOps::activation),
              op(Add.class, (layer, at) -> Copying.add(at.sources(), at.out())),
              op(
                  Affine.class,
                  (layer, at) ->
                      elementwise(at, new ValueFunction.Affine(layer.scale(), layer.shift()))),
              op(
                  Attention.class,
                  (layer, at) ->
                      new AttentionOperation(
                          at.sources(), at.out(), layer, at.pass().trains(), at.pass().batch())),
              op(AveragePool.class, (layer, at) -> Pooling.of(at.source(), at.out(), layer)),
              op(
                  BatchNorm.class,
                  (layer, at) ->
                      new BatchNormalization(
                          at.sources(),
                          at.out(),
                          layer.epsilon(),
                          at.pass().momentum(),
                          at.parameters())),
              op(
                  ChannelAffine.class,
                  (layer, at) -> new ChannelScaling(at.source(), at.out(), layer, at.parameters())),
              op(
                  ChannelShuffle.class,
                  (layer, at) -> new Shuffling(at.source(), at.out(), layer.groups())),
              op(
                  ClassToken.class,
                  (layer, at) ->
                      new PositionEmbeddingOperation(
                          at.sources(), at.out(), at.weight(), 1, at.kernels())),
              op(
                  Clip.class,
                  (layer, at) -> elementwise(at, new ValueFunction.Clip(layer.min(), layer.max()))),
              op(Concat.class, (layer, at) -> Copying.concat(at.sources(), at.out())),
              op(Convolution.class, (layer, at) -> weightedSum(layer, at)),
              op(
                  FirstPosition.class,
                  (layer, at) -> new FirstPositionOperation(at.source(), at.out(), at.kernels())),
              op(Flatten.class, (layer, at) -> Copying.flatten(at.sources(), at.out())),
              op(FlattenPositions.class, (layer, at) -> Copying.positions(at.sources(), at.out())),
              op(GlobalAveragePool.class, (layer, at) -> new GlobalPooling(at.source(), at.out())),
              op(
                  GroupNorm.class,
                  (layer, at) ->
                      new GroupNormalization(
                          at.source(),
                          at.out(),
                          layer,
                          at.parameters(),
                          at.kernels(),
                          at.pass().batch())),
              op(
                  LeakyRelu.class,
                  (layer, at) -> elementwise(at, new ValueFunction.LeakyRelu(layer.slope()))),
              op(Linear.class, (layer, at) -> weightedSum(layer, at)),
              op(
                  LocalResponseNorm.class,
                  (layer, at) ->
                      new LocalResponse(at.source(), at.out(), layer, at.pass().batch())),
              op(MaxPool.class, (layer, at) -> Pooling.of(at.source(), at.out(), layer)),
              op(
                  MeanPool.class,
                  (layer, at) ->
                      at.sources().size() == 1
                          ? new GlobalPooling(at.source(), at.out())
                          : new MaskedMean(
                              at.sources(), at.out(), at.kernels(), at.pass().batch())),
              op(Multiply.class, (layer, at) -> new Product(at.sources(), at.out())),
              op(Pad.class, (layer, at) -> Copying.pad(at.sources(), at.out(), layer)),
              op(
                  PaddingMask.class,
                  (layer, at) ->
                      new PaddingMaskOperation(at.source().tensor, at.out(), layer.padding())),
              op(
                  PositionEmbedding.class,
                  (layer, at) ->
                      new PositionEmbeddingOperation(
                          List.of(), at.out(), at.weight(), at.out().width, at.kernels())),
              op(
                  PositionNorm.class,
                  (layer, at) ->
                      new PositionNormalization(
                          at.source(),
                          at.out(),
                          layer,
                          at.parameters(),
                          at.kernels(),
                          at.pass().batch())),
              op(
                  RotaryEmbedding.class,
                  (layer, at) ->
                      new RotaryEmbeddingOperation(at.source(), at.out(), layer, at.kernels())),
              op(
                  TokenEmbedding.class,
                  (layer, at) ->
                      new Embedding(
                          at.source().tensor,
                          at.out(),
                          at.weight(),
                          layer.tokens(),
                          at.pass().batch()))));

  private SparseOps() {}

  /** The op of a layer; empty if it has none, so that sparse execution cannot compute it. */
  @SuppressWarnings("unchecked")
  public static Optional<SparseOp<Layer>> find(Layer layer) {
    return FORMS.find(layer).map(op -> (SparseOp<Layer>) op);
  }

  /** The first node of a network whose layer has no op; empty if sparse execution computes all. */
  public static Optional<GraphNode> missing(Network network) {
    return network.nodes().stream().filter(node -> find(node.layer()).isEmpty()).findFirst();
  }

  /** Suffix of errors about layers without an op; empty if all ops are usable. */
  public static String unusableNote() {
    return FORMS.unusableNote();
  }

  private static Operation activation(Activation layer, SparseNode at) {
    return PositionActivation.computes(layer.function()) && at.pass().ofSequences()
        ? new PositionActivation(at.source(), at.out(), layer.function())
        : elementwise(at, ValueFunction.of(layer.function()));
  }

  private static Operation elementwise(SparseNode at, ValueFunction function) {
    return new Elementwise(at.source(), at.out(), function);
  }

  private static Operation weightedSum(WeightedLayer layer, SparseNode at) {
    return new WeightedSum(
        at.source(),
        at.out(),
        layer.unfold(),
        at.weight(),
        at.bias(),
        !at.pass().trains(),
        at.pass().team().threads());
  }

  private static <L extends Layer> Entry<Class<L>, SparseOp<L>> op(Class<L> layer, SparseOp<L> op) {
    return Map.entry(layer, op);
  }
}
