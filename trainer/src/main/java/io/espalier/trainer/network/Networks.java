package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.architecture.Architectures;

/** Lays out the network that a recipe names, for the examples of its data. */
public final class Networks {
  private Networks() {}

  /**
   * The network that a recipe names, for examples of one shape.
   *
   * @throws InvalidConfigException if the model is unknown or does not fit the examples
   */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    ModelConfig.Layers layers =
        Architectures.layersOf(model)
            .orElseThrow(
                () ->
                    InvalidConfigException.of(
                        "model.kind",
                        "must be a built-in model: kind="
                            + model.kind()
                            + "; a model of one's own cannot be built yet"));
    LayerGraph graph = LayerGraph.of(layers, input, classes);
    if (!graph.misfits().isEmpty()) {
      throw model instanceof ModelConfig.Layers
          ? new InvalidConfigException(
              graph.misfits().stream().map(LayerGraph.Misfit::problem).toList())
          : InvalidConfigException.of(
              "model",
              "%s does not fit examples of %s: %s; choose another model, such as mlp"
                  .formatted(model.kind(), input, graph.misfits().get(0)));
    }
    return graph.network();
  }
}
