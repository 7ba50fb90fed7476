package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Layer.Add;
import io.espalier.trainer.network.Layer.BatchNorm;
import io.espalier.trainer.network.Layer.Convolution;
import io.espalier.trainer.network.Layer.GlobalAveragePool;
import io.espalier.trainer.network.Layer.Linear;

/**
 * Residual network for small images: a 3×3 stem, three stages of basic blocks whose widths double
 * and whose sides halve, global average pooling and a classifier (He, Zhang, Ren and Sun, "Deep
 * Residual Learning for Image Recognition", 2016). Shortcuts that change shape are 1×1 projections
 * with a norm.
 */
final class ResidualNetwork {
  private static final int STAGES = 3;

  private final Network.Builder graph;

  private ResidualNetwork(Network.Builder graph) {
    this.graph = graph;
  }

  static Network of(ModelConfig.ResNet model, ImageShape input, int classes) {
    return new ResidualNetwork(Network.builder(input)).describe(model, classes);
  }

  private Network describe(ModelConfig.ResNet model, int classes) {
    int blocks = (model.depth() - 2) / (2 * STAGES);
    int width = model.width();
    String last = convolve("stem.conv", "stem.norm", 3, width, 1, Network.INPUT);
    last = graph.add("stem.relu", Networks.RELU, last);
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 1; block <= blocks; block++) {
        boolean shrinks = stage > 1 && block == 1;
        last = block("stage" + stage + ".block" + block, width << (stage - 1), shrinks, last);
      }
    }
    last = graph.add("pool", new GlobalAveragePool(), last);
    graph.add("output", new Linear(classes), last);
    return graph.build();
  }

  private String block(String name, int width, boolean shrinks, String input) {
    int stride = shrinks ? 2 : 1;
    String last = convolve(name + ".conv1", name + ".norm1", 3, width, stride, input);
    last = graph.add(name + ".relu1", Networks.RELU, last);
    last = convolve(name + ".conv2", name + ".norm2", 3, width, 1, last);
    String shortcut =
        shrinks
            ? convolve(name + ".shortcut.conv", name + ".shortcut.norm", 1, width, stride, input)
            : input;
    last = graph.add(name + ".add", new Add(), last, shortcut);
    return graph.add(name + ".relu2", Networks.RELU, last);
  }

  private String convolve(
      String name, String norm, int kernel, int width, int stride, String input) {
    String last = graph.add(name, new Convolution(width, kernel, stride, kernel / 2, false), input);
    return graph.add(norm, new BatchNorm(), last);
  }
}
