package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.ArrayList;
import java.util.List;

/** Product of two inputs of one shape, or of an image and a vector with a number per channel. */
record Multiply() implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("multiply", Multiply.class);

  @Override
  public boolean takes(int inputs) {
    return inputs == 2;
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape first = inputs.get(0);
    TensorShape second = inputs.get(1);
    boolean perChannel =
        first.channels() == second.channels()
            && (first.isVector() || second.isVector())
            && !first.isSequence()
            && !second.isSequence();
    if (!first.equals(second) && !perChannel) {
      throw new TensorShape.MismatchException(
          "from",
          "its inputs must have one shape, or be an image and a number per channel: inputs="
              + inputs);
    }
    return first.isVector() ? second : first;
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray first = pass.inputs().get(0);
    NDArray second = pass.inputs().get(1);
    return first.getShape().dimension() < second.getShape().dimension()
        ? Forward.perChannel(first, second).mul(second)
        : first.mul(Forward.perChannel(second, first));
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Multiply();
  }

  @Override
  public String export(OnnxNode node) {
    boolean images = !node.output().isVector();
    List<String> factors = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      String factor = node.inputs().get(i);
      boolean widen = images && node.shapes().get(i).isVector();
      factors.add(
          widen ? node.part("channels", "Unsqueeze", factor, node.longs("axes", 2, 3)) : factor);
    }
    return node.whole("Mul", factors.toArray(String[]::new));
  }
}
