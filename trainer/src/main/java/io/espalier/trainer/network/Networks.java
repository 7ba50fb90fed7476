package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Layer.Activation;
import io.espalier.trainer.network.Layer.Convolution;
import io.espalier.trainer.network.Layer.Flatten;
import io.espalier.trainer.network.Layer.Linear;
import io.espalier.trainer.network.Layer.MaxPool;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry of networks: which description each model of a recipe stands for. */
public final class Networks {
  static final Activation RELU = new Activation(Activation.Function.RELU);

  private static final Map<Class<? extends ModelConfig.Architecture>, Description> REGISTRY =
      Map.of(
          ModelConfig.Mlp.class,
          (model, input, classes) -> mlp(((ModelConfig.Mlp) model).hidden(), input, classes),
          ModelConfig.LeNet300100.class,
          (model, input, classes) -> mlp(List.of(300, 100), input, classes),
          ModelConfig.LeNet5.class,
          (model, input, classes) -> leNet5(input, classes),
          ModelConfig.ResNet.class,
          (model, input, classes) ->
              ResidualNetwork.of((ModelConfig.ResNet) model, input, classes));

  /** Lays out one kind of network. */
  private interface Description {
    Network describe(ModelConfig.Architecture model, ImageShape input, int classes);
  }

  private Networks() {}

  /**
   * The network that a recipe names, for examples of one shape.
   *
   * @throws InvalidConfigException if the model is unknown or does not fit the examples
   */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    Description description =
        Optional.ofNullable(REGISTRY.get(model.getClass()))
            .orElseThrow(
                () ->
                    InvalidConfigException.of(
                        "model.kind",
                        "must be a built-in model: kind="
                            + model.kind()
                            + "; a model of one's own cannot be built yet"));
    try {
      return description.describe(model, input, classes);
    } catch (Extent.MismatchException e) {
      throw InvalidConfigException.of(
          "model",
          "%s does not fit examples of %s: %s; choose another model, such as mlp"
              .formatted(model.kind(), input, e.getMessage()));
    }
  }

  private static Network mlp(List<Integer> hidden, ImageShape input, int classes) {
    Network.Builder graph = Network.builder(input);
    String last = graph.add("flatten", new Flatten(), Network.INPUT);
    for (int layer = 1; layer <= hidden.size(); layer++) {
      last = graph.add("fc" + layer, new Linear(hidden.get(layer - 1)), last);
      last = graph.add("relu" + layer, RELU, last);
    }
    graph.add("output", new Linear(classes), last);
    return graph.build();
  }

  /** Pooling goes before ReLU: the two commute, and ReLU then sees a quarter of the values. */
  private static Network leNet5(ImageShape input, int classes) {
    Network.Builder graph = Network.builder(input);
    String last = graph.add("conv1", new Convolution(20, 5, 1, 0, true), Network.INPUT);
    last = graph.add("pool1", new MaxPool(2, 2), last);
    last = graph.add("relu1", RELU, last);
    last = graph.add("conv2", new Convolution(50, 5, 1, 0, true), last);
    last = graph.add("pool2", new MaxPool(2, 2), last);
    last = graph.add("relu2", RELU, last);
    last = graph.add("flatten", new Flatten(), last);
    last = graph.add("fc1", new Linear(500), last);
    last = graph.add("relu3", RELU, last);
    graph.add("output", new Linear(classes), last);
    return graph.build();
  }
}
