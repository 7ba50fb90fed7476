package io.espalier.trainer.network;

import java.util.List;

/** Fully connected layers with ReLU between them. */
final class Perceptron {
  private Perceptron() {}

  static LayerList layers(List<Integer> hidden) {
    LayerList layers = new LayerList().add("flatten", new Flatten());
    for (int layer = 1; layer <= hidden.size(); layer++) {
      layers.add("fc" + layer, new Linear(hidden.get(layer - 1), true)).relu("relu" + layer);
    }
    return layers;
  }
}
