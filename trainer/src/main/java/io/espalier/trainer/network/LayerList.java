package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Activation;
import io.espalier.configs.LayerConfig.Convolution;
import io.espalier.configs.LayerConfig.Fixed;
import io.espalier.configs.LayerConfig.Function;
import io.espalier.configs.LayerConfig.Linear;
import io.espalier.configs.LayerConfig.MaxPool;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LayerConfig.Window;
import io.espalier.configs.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/** Collects the layers of a network; each reads the one added before it unless told otherwise. */
final class LayerList {
  private final List<Named> layers = new ArrayList<>();
  private String last = Named.INPUT;

  /** The name of the layer that was added last. */
  String last() {
    return last;
  }

  LayerList add(String name, LayerConfig layer) {
    return add(name, layer, last);
  }

  LayerList add(String name, LayerConfig layer, String... from) {
    layers.add(new Named(name, layer, List.of(from)));
    last = name;
    return this;
  }

  LayerList relu(String name) {
    return add(name, new Activation(Function.RELU));
  }

  LayerList norm(String name) {
    return add(name, new LayerConfig.BatchNorm());
  }

  LayerList linear(String name, int outputs, boolean bias) {
    return add(name, new Linear(new Fixed(outputs), bias));
  }

  /** Pooling of windows of 2×2, side by side. */
  LayerList pool(String name) {
    return add(name, new MaxPool(new Window(2, 2, 0)));
  }

  /** One value per class. */
  ModelConfig.Layers classify() {
    add("output", new Linear(new LayerConfig.Classes(), true));
    return new ModelConfig.Layers(layers);
  }

  static Convolution convolution(int outputs, Window window, int groups, boolean bias) {
    return new Convolution(new Fixed(outputs), window, groups, bias);
  }
}
