package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.engine.ConstantOperand;
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
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/** The registry of ops: one line per class of layers. */
public final class EngineOps {
  private static final LayerForms<EngineOp<?>> FORMS =
      LayerForms.of(
          EngineOp.class,
          Map.ofEntries(
              op(Activation.class, new ActivationOp()),
              op(
                  Add.class,
                  (layer, pass) -> pass.inputs().stream().reduce(NDArray::add).orElseThrow()),
              op(
                  Affine.class,
                  (layer, pass) ->
                      pass.input()
                          .mul(ConstantOperand.beside(pass.input(), layer.scale()))
                          .add(ConstantOperand.beside(pass.input(), layer.shift()))),
              op(Attention.class, new AttentionOp()),
              op(AveragePool.class, new AveragePoolOp()),
              op(BatchNorm.class, new BatchNormOp()),
              op(ChannelAffine.class, new ChannelAffineOp()),
              op(ChannelShuffle.class, new ChannelShuffleOp()),
              op(ClassToken.class, new ClassTokenOp()),
              op(Clip.class, new ClipOp()),
              op(Concat.class, (layer, pass) -> NDArrays.concat(new NDList(pass.inputs()), 1)),
              op(Convolution.class, new ConvolutionOp()),
              op(FirstPosition.class, (layer, pass) -> pass.input().get(":, :, 0")),
              op(
                  Flatten.class,
                  (layer, pass) -> pass.input().reshape(pass.input().getShape().get(0), -1)),
              op(
                  FlattenPositions.class,
                  (layer, pass) -> {
                    Shape shape = pass.input().getShape();
                    return pass.input().reshape(shape.get(0), shape.get(1), -1);
                  }),
              op(GlobalAveragePool.class, (layer, pass) -> Pool.globalAvgPool2d(pass.input())),
              op(GroupNorm.class, new GroupNormOp()),
              op(
                  LeakyRelu.class,
                  (layer, pass) -> ai.djl.nn.Activation.leakyRelu(pass.input(), layer.slope())),
              op(Linear.class, new LinearOp()),
              op(LocalResponseNorm.class, new LocalResponseNormOp()),
              op(
                  MaxPool.class,
                  (layer, pass) ->
                      Pool.maxPool2d(
                          pass.input(),
                          Forward.square(layer.kernel()),
                          Forward.square(layer.stride()),
                          Forward.square(layer.padding()),
                          false)),
              op(MeanPool.class, new MeanPoolOp()),
              op(Multiply.class, new MultiplyOp()),
              op(
                  Pad.class,
                  (layer, pass) ->
                      pass.input()
                          .pad(
                              new Shape(layer.left(), layer.right(), layer.top(), layer.bottom()),
                              layer.lowest() ? Double.NEGATIVE_INFINITY : 0)),
              op(
                  PaddingMask.class,
                  (layer, pass) ->
                      pass.input()
                          .reshape(pass.input().getShape().get(0), 1, -1)
                          .neq(ConstantOperand.beside(pass.input(), layer.padding()))
                          .toType(DataType.FLOAT32, false)),
              op(PositionEmbedding.class, new PositionEmbeddingOp()),
              op(PositionNorm.class, new PositionNormOp()),
              op(RotaryEmbedding.class, new RotaryEmbeddingOp()),
              op(TokenEmbedding.class, new TokenEmbeddingOp())));

  private EngineOps() {}

  /**
   * The op of a layer.
   *
   * @throws InvalidConfigException if it has none
   */
  @SuppressWarnings("unchecked")
  public static EngineOp<Layer> of(Layer layer) {
    return (EngineOp<Layer>)
        FORMS
            .find(layer)
            .orElseThrow(
                () ->
                    InvalidConfigException.of(
                        "model",
                        "must have layers that the engine can compute: without an EngineOp=%s%s"
                            .formatted(layer, FORMS.unusableNote())));
  }

  /** The first node of a network whose layer has no op; empty if the engine computes all. */
  public static Optional<GraphNode> missing(Network network) {
    return network.nodes().stream().filter(node -> FORMS.find(node.layer()).isEmpty()).findFirst();
  }

  /**
   * Returns the array that the weight of a layer multiplies, as an input of {@link
   * WeightedLayer#unfold}.
   */
  @SuppressWarnings("unchecked")
  public static NDArray unfoldedInput(EngineOp<Layer> op, Layer layer, NDArray input) {
    return op instanceof UnfoldedInput<?> other
        ? ((UnfoldedInput<Layer>) other).unfoldedInput(layer, input)
        : input;
  }

  private static <L extends Layer> Entry<Class<L>, EngineOp<L>> op(Class<L> layer, EngineOp<L> op) {
    return Map.entry(layer, op);
  }
}
