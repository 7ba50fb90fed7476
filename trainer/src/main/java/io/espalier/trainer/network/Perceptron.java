package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.ModelConfig;
import java.util.List;

/** Fully connected layers with ReLU between them. */
final class Perceptron {
  private Perceptron() {}

  static ModelConfig.Layers layers(List<Integer> hidden) {
    LayerList layers = new LayerList().add("flatten", new LayerConfig.Flatten());
    for (int layer = 1; layer <= hidden.size(); layer++) {
      layers.linear("fc" + layer, hidden.get(layer - 1), true).relu("relu" + layer);
    }
    return layers.classify();
  }
}
