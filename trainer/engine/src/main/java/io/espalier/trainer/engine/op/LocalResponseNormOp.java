package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.LocalResponseNorm;

final class LocalResponseNormOp implements EngineOp<LocalResponseNorm> {
  /** A window over channels is one of a pool over images {@code [channels, pixels]}. */
  @Override
  public NDArray forward(LocalResponseNorm layer, Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    long channels = shape.get(1);
    long before = Math.min((layer.size() - 1) / 2, channels - 1);
    long after = Math.min(layer.size() / 2, channels - 1);
    long window = before + 1 + after;
    try (NDArray squares = input.mul(input);
        NDArray images = squares.reshape(shape.get(0), 1, channels, shape.get(2) * shape.get(3));
        NDArray padded = images.pad(new Shape(0, 0, before, after), 0);
        NDArray means = mean(padded, window);
        NDArray weighted =
            means.mul(
                ConstantOperand.beside(input, (double) layer.alpha() * window / layer.size()));
        NDArray base = weighted.add(ConstantOperand.beside(input, layer.bias()));
        NDArray power = base.pow(ConstantOperand.beside(input, layer.beta()));
        NDArray divisor = power.reshape(shape)) {
      return input.div(divisor);
    }
  }

  private static NDArray mean(NDArray images, long window) {
    Shape none = new Shape(0, 0);
    return Pool.avgPool2d(images, new Shape(window, 1), new Shape(1, 1), none, false, true);
  }
}
