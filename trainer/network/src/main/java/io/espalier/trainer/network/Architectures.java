package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lays out the network that a recipe names or spells out, for the examples of its data. */
final class Architectures {
  private final List<GraphNode> nodes;
  private final Network.Builder graph;
  private final List<Misfit> misfits = new ArrayList<>();
  private final Set<String> unknown = new HashSet<>();

  private record Misfit(int index, String name, String key, String message) {
    Problem problem() {
      return new Problem(Optional.empty(), "model.layers[%d].%s".formatted(index, key), toString());
    }

    @Override
    public String toString() {
      return name + ": " + message;
    }
  }

  private Architectures(List<GraphNode> nodes, ImageShape input) {
    this.nodes = nodes;
    this.graph = Network.builder(input);
  }

  static Network network(ModelConfig.Architecture model, ImageShape input, DataSizes sizes) {
    if (model instanceof ModelConfig.Onnx onnx) {
      throw InvalidConfigException.of(
          "model.kind",
          "must be a network that a recipe spells out, not one that is read from a file: file="
              + onnx.file());
    }
    if (model instanceof ModelConfig.Custom own) {
      return NetworkChecks.build(own.settings(), input, sizes);
    }
    Architectures layout = new Architectures(nodes(model, input, sizes), input);
    for (int i = 0; i < layout.nodes.size(); i++) {
      layout.add(i);
    }
    layout.requireClasses(sizes.classes());
    List<Misfit> misfits = layout.misfits;
    if (misfits.isEmpty()) {
      return layout.graph.build();
    }
    throw model instanceof ModelConfig.Layers
        ? new InvalidConfigException(misfits.stream().map(Misfit::problem).toList())
        : InvalidConfigException.of(
            "model",
            "%s does not fit examples of %s: %s; choose another model, or other sizes"
                .formatted(model.kind(), input, misfits.get(0)));
  }

  private static List<GraphNode> nodes(
      ModelConfig.Architecture model, ImageShape input, DataSizes sizes) {
    return model instanceof ModelConfig.Layers spelled
        ? spelled.layers().stream()
            .map(
                each ->
                    new GraphNode(each.name(), LayerKind.layer(each.layer(), sizes), each.from()))
            .toList()
        : named(model, input, sizes).classify(sizes.classes());
  }

  /** The registry of networks: all layers but the last one, which gives a value per class. */
  private static LayerList named(
      ModelConfig.Architecture model, ImageShape input, DataSizes sizes) {
    if (model instanceof ModelConfig.Mlp mlp) {
      return Perceptron.layers(mlp.hidden());
    } else if (model instanceof ModelConfig.LeNet300100) {
      return Perceptron.layers(List.of(300, 100));
    } else if (model instanceof ModelConfig.LeNet5) {
      return LeNet5.layers(false);
    } else if (model instanceof ModelConfig.LeNet5BatchNorm) {
      return LeNet5.layers(true);
    } else if (model instanceof ModelConfig.ResNet resNet) {
      return ResidualNetwork.layers(resNet);
    } else if (model instanceof ModelConfig.MobileNet mobileNet) {
      return MobileNetwork.layers(mobileNet);
    } else if (model instanceof ModelConfig.CharLm transformer) {
      return Transformer.layers(transformer, sizes);
    } else if (model instanceof ModelConfig.TinyVit vision) {
      return VisionTransformer.layers(vision, input);
    } else if (model instanceof ModelConfig.TextClassifier classifier) {
      return Transformer.layers(classifier, sizes);
    }
    throw new IllegalArgumentException("a model must be registered: model=" + model);
  }

  /** Skips layers behind one that does not fit: the shapes of their inputs are unknown. */
  private void add(int index) {
    GraphNode node = nodes.get(index);
    if (node.inputs().stream().anyMatch(unknown::contains)) {
      unknown.add(node.name());
      return;
    }
    try {
      graph.add(node);
    } catch (TensorShape.MismatchException e) {
      unknown.add(node.name());
      misfits.add(new Misfit(index, node.name(), e.key(), String.valueOf(e.getMessage())));
    }
  }

  private void requireClasses(int classes) {
    int index = nodes.size() - 1;
    GraphNode last = nodes.get(index);
    if (unknown.contains(last.name())) {
      return;
    }
    TensorShape output = graph.shapeOf(last.name());
    if (output.channels() != classes || !(output.isVector() || output.isSequence())) {
      boolean linear = last.layer() instanceof Linear;
      misfits.add(
          new Misfit(
              index,
              last.name(),
              linear ? "outputs" : "kind",
              "the last layer must give one value per class: output=%s, classes=%d%s"
                  .formatted(
                      output,
                      classes,
                      linear ? "; write outputs = classes" : "; end with a linear layer")));
    }
  }
}
