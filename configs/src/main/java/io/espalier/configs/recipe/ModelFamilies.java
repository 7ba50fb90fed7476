package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.text.Notation.WHOLE;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.recipe.text.Family;
import io.espalier.configs.recipe.text.Section;
import java.util.function.Function;

/** The registry of networks: one line per model. */
final class ModelFamilies {
  static final Family<ModelConfig> MODEL =
      Family.<ModelConfig>named("model")
          .with("mlp", s -> model(s, ModelFamilies::mlp))
          .with("lenet-300-100", s -> model(s, lenet -> new ModelConfig.LeNet300100()))
          .with("lenet-5", s -> model(s, lenet -> new ModelConfig.LeNet5()))
          .with("resnet-8", s -> model(s, resNet -> resNet(resNet, 8)))
          .planned("resnet-(14|20|26|32|38|44|50|56)", "onnx");

  private ModelFamilies() {}

  private static ModelConfig model(
      Section model, Function<Section, ? extends ModelConfig.Architecture> architecture) {
    return new ModelConfig(model.part(architecture), WeightsReader.read(model));
  }

  private static ModelConfig.Mlp mlp(Section mlp) {
    return new ModelConfig.Mlp(mlp.value("hidden", WHOLE.list()));
  }

  private static ModelConfig.ResNet resNet(Section resNet, int depth) {
    return new ModelConfig.ResNet(depth, resNet.value("width", WHOLE));
  }
}
