package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** Largest value of each square window; padding never wins. */
record MaxPool(int kernel, int stride, int padding) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("max-pool", MaxPool.class, MaxPool::read).withPrefix("pool");

  MaxPool {
    Window unused = new Window(kernel, stride, padding);
  }

  private static LayerKind.Maker read(Settings settings) {
    Window window = Window.ofPool(settings);
    return sizes -> new MaxPool(window.kernel(), window.stride(), window.padding());
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
  }

  @Override
  public NDArray forward(Forward pass) {
    Shape sides = Forward.square(padding);
    return Pool.maxPool2d(
        pass.input(), Forward.square(kernel), Forward.square(stride), sides, false);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.MaxPool(kernel, stride, padding);
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("MaxPool", new Window(kernel, stride, padding).attributes());
  }
}
