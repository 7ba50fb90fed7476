package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;

/**
 * MobileNet for small images: a 3×3 stem and seven depth-wise separable blocks with norms and ReLU
 * (Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
 * Applications", 2017).
 *
 * <p>Depth-wise weights are prunable, but with nine units per channel the minimum kept per
 * parameter protects them. A recipe excludes them by {@code *.depthwise.*}.
 */
final class MobileNetwork {
  /** Widths of the blocks, as multiples of the stem's. */
  private static final int[] FACTORS = {2, 4, 4, 8, 8, 16, 16};

  private final LayerList layers = new LayerList();

  private MobileNetwork() {}

  static LayerList layers(ModelConfig.MobileNet model) {
    return new MobileNetwork().describe(model.width());
  }

  private LayerList describe(int width) {
    convolve("stem", width, 3, 1, 1);
    int channels = width;
    for (int block = 1; block <= FACTORS.length; block++) {
      int outputs = width * FACTORS[block - 1];
      int stride = block % 2 == 0 ? 2 : 1;
      convolve("block" + block + ".depthwise", channels, 3, stride, channels);
      convolve("block" + block + ".pointwise", outputs, 1, 1, 1);
      channels = outputs;
    }
    return layers.add("pool", new GlobalAveragePool());
  }

  private void convolve(String name, int outputs, int kernel, int stride, int groups) {
    layers
        .add(name + ".conv", new Convolution(outputs, kernel, stride, kernel / 2, groups, false))
        .norm(name + ".norm")
        .relu(name + ".relu");
  }
}
