package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/**
 * {@code x / (bias + alpha / size · Σ x²)^beta}, the sum over {@code size} neighbouring channels at
 * the same place of an image, of which {@code (size − 1) / 2} come before the channel (Krizhevsky,
 * Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012).
 *
 * @param alpha 0 or more
 * @param bias above 0, so that no sum of squares makes a divisor of 0
 */
record LocalResponseNorm(int size, float alpha, float beta, float bias) implements Layer {
  static final LayerKind KIND =
      LayerKind.onlyStored("local-response-norm", LocalResponseNorm.class);

  LocalResponseNorm {
    LayerParameters.requirePositive("size", size);
    LayerParameters.requireFinite("alpha", alpha);
    LayerParameters.requireFinite("beta", beta);
    LayerParameters.requireFinite("bias", bias);
    if (alpha < 0 || bias <= 0) {
      throw new IllegalArgumentException(
          "alpha must be 0 or more, and bias above 0: alpha=%s, bias=%s".formatted(alpha, bias));
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).requireImage();
  }

  /** A window over channels is one of a pool over images {@code [channels, pixels]}. */
  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    long channels = shape.get(1);
    long before = Math.min((size - 1) / 2, channels - 1);
    long after = Math.min(size / 2, channels - 1);
    long window = before + 1 + after;
    try (NDArray squares = input.mul(input);
        NDArray images = squares.reshape(shape.get(0), 1, channels, shape.get(2) * shape.get(3));
        NDArray padded = images.pad(new Shape(0, 0, before, after), 0);
        NDArray means = mean(padded, window);
        NDArray weighted = means.mul(Constant.beside(input, (double) alpha * window / size));
        NDArray base = weighted.add(Constant.beside(input, bias));
        NDArray power = base.pow(Constant.beside(input, beta));
        NDArray divisor = power.reshape(shape)) {
      return input.div(divisor);
    }
  }

  private static NDArray mean(NDArray images, long window) {
    Shape none = new Shape(0, 0);
    return Pool.avgPool2d(images, new Shape(window, 1), new Shape(1, 1), none, false, true);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.LocalResponseNorm(size, alpha, beta, bias);
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation(
        "LRN",
        new Attributes()
            .with("size", size)
            .with("alpha", alpha)
            .with("beta", beta)
            .with("bias", bias));
  }

  /** Without one of its channels, others would be neighbours: all of them stay. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    layer.graph().forbid(layer.input(), PruningConstraint.NORMALISED_TOGETHER);
    return layer.input();
  }
}
