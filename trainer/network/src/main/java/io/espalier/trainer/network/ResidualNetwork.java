package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;

/**
 * Residual network for small images: a 3×3 stem, three stages of basic blocks, average pooling and
 * a classifier (He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016).
 * Shortcuts that change shape are 1×1 projections with a norm.
 */
final class ResidualNetwork {
  private static final int STAGES = 3;

  private final LayerList layers = new LayerList();

  private ResidualNetwork() {}

  static LayerList layers(ModelConfig.ResNet model) {
    return new ResidualNetwork().describe(model);
  }

  private LayerList describe(ModelConfig.ResNet model) {
    int blocks = (model.depth() - 2) / (2 * STAGES);
    int width = model.width();
    convolve("stem.conv", "stem.norm", 3, width, 1, Network.INPUT);
    layers.relu("stem.relu");
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 1; block <= blocks; block++) {
        boolean shrinks = stage > 1 && block == 1;
        block("stage" + stage + ".block" + block, width << (stage - 1), shrinks);
      }
    }
    return layers.add("pool", new GlobalAveragePool());
  }

  private void block(String name, int width, boolean shrinks) {
    String input = layers.last();
    int stride = shrinks ? 2 : 1;
    convolve(name + ".conv1", name + ".norm1", 3, width, stride, input);
    layers.relu(name + ".relu1");
    String last = convolve(name + ".conv2", name + ".norm2", 3, width, 1, layers.last());
    String shortcut =
        shrinks
            ? convolve(name + ".shortcut.conv", name + ".shortcut.norm", 1, width, stride, input)
            : input;
    layers.add(name + ".add", new Add(), last, shortcut).relu(name + ".relu2");
  }

  private String convolve(
      String name, String norm, int kernel, int width, int stride, String input) {
    return layers
        .add(name, new Convolution(width, kernel, stride, kernel / 2, 1, false), input)
        .norm(norm)
        .last();
  }
}
