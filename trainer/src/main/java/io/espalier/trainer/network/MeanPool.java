package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/**
 * Mean of a sequence's features over its positions; the output is a vector. A {@link PaddingMask}
 * as the second input leaves padding out; the mean of a text without tokens is 0.
 */
record MeanPool() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("mean-pool", MeanPool.class, MeanPool::new).joining(1, 2).withPrefix("pool");

  @Override
  public boolean takes(int inputs) {
    return KIND.takes(inputs);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape sequence = inputs.get(0).requireSequence();
    inputs.stream().skip(1).forEach(mask -> PaddingMask.requireFit(mask, sequence));
    return TensorShape.vector(sequence.channels());
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray sequence = pass.input();
    int[] positions = {2};
    if (pass.inputs().size() == 1) {
      return sequence.mean(positions);
    }
    NDArray mask = pass.inputs().get(1);
    NDArray count = mask.sum(positions).maximum(Constant.beside(mask, 1));
    return sequence.mul(mask).sum(positions).div(count);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.MeanPool();
  }

  @Override
  public String export(OnnxNode node) {
    if (node.inputs().size() == 1) {
      return node.whole(
          "ReduceMean",
          List.of(node.input()),
          new Attributes().with("axes", List.of(2)).with("keepdims", 0));
    }
    String mask = node.inputs().get(1);
    String present = node.part("present", "Mul", node.input(), mask);
    String count = node.part("count", "Max", sum(node, "tokens", mask), node.scalar("least", 1));
    return node.whole("Div", sum(node, "sum", present), count);
  }

  private static String sum(OnnxNode node, String name, String value) {
    String axes = node.longs(name + ".axes", 2);
    return node.part(name, "ReduceSum", List.of(value, axes), new Attributes().with("keepdims", 0));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    return layer.input();
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return inputs.get(0);
  }
}
