package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Window;
import io.espalier.configs.ModelConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lays a list of layers out for examples of one shape, and finds all those that do not fit. */
final class LayerGraph {
  private final List<LayerConfig.Named> layers;
  private final int classes;
  private final Network.Builder graph;
  private final List<Misfit> misfits = new ArrayList<>();
  private final Set<String> unknown = new HashSet<>();

  /** A layer that cannot take what comes to it, and the key of it that is to blame. */
  record Misfit(int index, String name, String key, String message) {
    Problem problem() {
      return new Problem(Optional.empty(), "model.layers[%d].%s".formatted(index, key), toString());
    }

    @Override
    public String toString() {
      return name + ": " + message;
    }
  }

  private LayerGraph(List<LayerConfig.Named> layers, ImageShape input, int classes) {
    this.layers = layers;
    this.classes = classes;
    this.graph = Network.builder(input);
  }

  static LayerGraph of(ModelConfig.Layers model, ImageShape input, int classes) {
    LayerGraph graph = new LayerGraph(model.layers(), input, classes);
    for (int i = 0; i < graph.layers.size(); i++) {
      graph.add(i);
    }
    graph.requireClasses();
    return graph;
  }

  List<Misfit> misfits() {
    return misfits;
  }

  /** The whole network; only where there are no misfits. */
  Network network() {
    return graph.build();
  }

  /** Layers behind one that does not fit are passed over: nothing is known of their inputs. */
  private void add(int index) {
    LayerConfig.Named named = layers.get(index);
    if (named.from().stream().anyMatch(unknown::contains)) {
      unknown.add(named.name());
      return;
    }
    try {
      graph.add(named.name(), layerOf(named.layer()), named.from().toArray(String[]::new));
    } catch (TensorShape.MismatchException e) {
      unknown.add(named.name());
      misfits.add(new Misfit(index, named.name(), e.key(), e.rule()));
    }
  }

  private void requireClasses() {
    int index = layers.size() - 1;
    LayerConfig.Named last = layers.get(index);
    if (unknown.contains(last.name())) {
      return;
    }
    TensorShape output = graph.extent(last.name());
    if (!output.equals(TensorShape.vector(classes))) {
      boolean counts = last.layer() instanceof LayerConfig.Linear;
      misfits.add(
          new Misfit(
              index,
              last.name(),
              counts ? "outputs" : "kind",
              "the last layer must give one value per class: output=%s, classes=%d%s"
                  .formatted(
                      output,
                      classes,
                      counts ? "; write outputs = classes" : "; end with a linear layer")));
    }
  }

  private Layer layerOf(LayerConfig layer) {
    if (layer instanceof LayerConfig.Convolution convolution) {
      Window window = convolution.window();
      return new Layer.Convolution(
          convolution.outputs().count(classes),
          window.kernel(),
          window.stride(),
          window.padding(),
          convolution.groups(),
          convolution.bias());
    } else if (layer instanceof LayerConfig.Linear linear) {
      return new Layer.Linear(linear.outputs().count(classes), linear.bias());
    } else if (layer instanceof LayerConfig.MaxPool pool) {
      Window window = pool.window();
      return new Layer.MaxPool(window.kernel(), window.stride(), window.padding());
    } else if (layer instanceof LayerConfig.AveragePool pool) {
      Window window = pool.window();
      return new Layer.AveragePool(window.kernel(), window.stride(), window.padding());
    }
    return plain(layer);
  }

  /** Layers without a window and outputs of their own. */
  private static Layer plain(LayerConfig layer) {
    if (layer instanceof LayerConfig.BatchNorm) {
      return new Layer.BatchNorm();
    } else if (layer instanceof LayerConfig.GroupNorm norm) {
      return new Layer.GroupNorm(norm.groups());
    } else if (layer instanceof LayerConfig.LayerNorm) {
      return new Layer.GroupNorm(1);
    } else if (layer instanceof LayerConfig.Activation activation) {
      return new Layer.Activation(activation.function());
    } else if (layer instanceof LayerConfig.LeakyRelu leaky) {
      return new Layer.LeakyRelu((float) leaky.slope());
    } else if (layer instanceof LayerConfig.GlobalAveragePool) {
      return new Layer.GlobalAveragePool();
    } else if (layer instanceof LayerConfig.Flatten) {
      return new Layer.Flatten();
    } else if (layer instanceof LayerConfig.Add) {
      return new Layer.Add();
    } else if (layer instanceof LayerConfig.Concat) {
      return new Layer.Concat();
    }
    throw new IllegalArgumentException("a layer must have a place in a network: layer=" + layer);
  }
}
