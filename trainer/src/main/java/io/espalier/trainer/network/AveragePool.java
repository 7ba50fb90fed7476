package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** Mean of each square window; {@code countsPadding} counts the padding's zeros as values. */
record AveragePool(int kernel, int stride, int padding, boolean countsPadding) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("average-pool", AveragePool.class, AveragePool::read).withPrefix("pool");

  AveragePool {
    Window unused = new Window(kernel, stride, padding);
  }

  private static LayerKind.Maker read(Settings settings) {
    Window window = Window.ofPool(settings);
    return sizes -> new AveragePool(window.kernel(), window.stride(), window.padding(), true);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    return countsPadding || padding == 0
        ? average(input)
        : average(input).div(average(onesLike(input)));
  }

  private NDArray average(NDArray images) {
    Shape sides = Forward.square(padding);
    return Pool.avgPool2d(
        images, Forward.square(kernel), Forward.square(stride), sides, false, true);
  }

  /** One image of one channel; its average is the share of each window that is not padding. */
  private static NDArray onesLike(NDArray images) {
    Shape shape = images.getShape();
    return images.getManager().ones(new Shape(1, 1, shape.get(2), shape.get(3)));
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.AveragePool(kernel, stride, padding, countsPadding);
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation(
        "AveragePool",
        new Window(kernel, stride, padding)
            .attributes()
            .with("count_include_pad", countsPadding ? 1 : 0));
  }
}
