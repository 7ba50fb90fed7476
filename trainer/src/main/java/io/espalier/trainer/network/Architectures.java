package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The registry of networks: the layers that each model of a recipe stands for. */
final class Architectures {
  private static final Map<
          Class<? extends ModelConfig.Architecture>,
          Function<ModelConfig.Architecture, ModelConfig.Layers>>
      REGISTRY =
          Map.of(
              ModelConfig.Mlp.class,
              model -> Perceptron.layers(((ModelConfig.Mlp) model).hidden()),
              ModelConfig.LeNet300100.class,
              model -> Perceptron.layers(List.of(300, 100)),
              ModelConfig.LeNet5.class,
              model -> LeNet5.plain(),
              ModelConfig.LeNet5BatchNorm.class,
              model -> LeNet5.normalised(),
              ModelConfig.ResNet.class,
              model -> ResidualNetwork.layers((ModelConfig.ResNet) model),
              ModelConfig.MobileNet.class,
              model -> MobileNetwork.layers((ModelConfig.MobileNet) model),
              ModelConfig.Layers.class,
              model -> (ModelConfig.Layers) model);

  private Architectures() {}

  /** The layers of a model. */
  public static ModelConfig.Layers layersOf(ModelConfig.Architecture model) {
    return Objects.requireNonNull(REGISTRY.get(model.getClass())).apply(model);
  }
}
