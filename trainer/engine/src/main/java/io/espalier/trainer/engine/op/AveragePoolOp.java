package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.network.AveragePool;

final class AveragePoolOp implements EngineOp<AveragePool> {
  @Override
  public NDArray forward(AveragePool layer, Forward pass) {
    NDArray input = pass.input();
    return layer.countsPadding() || layer.padding() == 0
        ? average(layer, input)
        : average(layer, input).div(average(layer, onesLike(input)));
  }

  private static NDArray average(AveragePool layer, NDArray images) {
    Shape sides = Forward.square(layer.padding());
    return Pool.avgPool2d(
        images, Forward.square(layer.kernel()), Forward.square(layer.stride()), sides, false, true);
  }

  /** One image of one channel; its average is the share of each window that is not padding. */
  private static NDArray onesLike(NDArray images) {
    Shape shape = images.getShape();
    return images.getManager().ones(new Shape(1, 1, shape.get(2), shape.get(3)));
  }
}
