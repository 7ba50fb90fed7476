package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;

/** Lays out the network that a recipe spells out, for the examples of its data. */
public final class Networks {
  private Networks() {}

  /**
   * The network that a recipe names, for examples of one shape.
   *
   * @throws InvalidConfigException if the model does not fit the examples
   */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    if (model instanceof ModelConfig.Onnx onnx) {
      throw InvalidConfigException.of(
          "model.kind",
          "must be a network that a recipe spells out, not one that is read from a file: file="
              + onnx.file());
    }
    LayerGraph graph = LayerGraph.of(Architectures.layersOf(model), input, classes);
    if (!graph.misfits().isEmpty()) {
      throw model instanceof ModelConfig.Layers
          ? new InvalidConfigException(
              graph.misfits().stream().map(LayerGraph.Misfit::problem).toList())
          : InvalidConfigException.of(
              "model",
              "%s does not fit examples of %s: %s; choose another model, or other sizes"
                  .formatted(model.kind(), input, graph.misfits().get(0)));
    }
    return graph.network();
  }
}
