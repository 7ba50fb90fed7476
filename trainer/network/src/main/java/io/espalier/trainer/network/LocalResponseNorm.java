package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * {@code x / (bias + alpha / size · Σ x²)^beta}, the sum over {@code size} neighbouring channels at
 * the same place of an image, of which {@code (size − 1) / 2} come before the channel (Krizhevsky,
 * Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012).
 *
 * @param alpha 0 or more
 * @param bias above 0, so that no sum of squares makes a divisor of 0
 */
public record LocalResponseNorm(int size, float alpha, float beta, float bias) implements Layer {
  static final LayerKind KIND =
      LayerKind.onlyStored("local-response-norm", LocalResponseNorm.class);

  public LocalResponseNorm {
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

  /** Without one of its channels, others would be neighbours: all of them stay. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    layer.graph().forbid(layer.input(), PruningConstraint.NORMALISED_TOGETHER);
    return layer.input();
  }
}
