package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import java.util.Optional;

/**
 * Transformer that reads an image as a sequence of its patches, each with features of its place,
 * and classifies the mean of its positions (Dosovitskiy et al., "An Image is Worth 16x16 Words:
 * Transformers for Image Recognition at Scale", 2021; Zhai, Kolesnikov, Houlsby and Beyer, "Scaling
 * Vision Transformers", 2022, for the mean in place of a class token).
 */
final class VisionTransformer {
  private VisionTransformer() {}

  static LayerList layers(ModelConfig.TinyVit model, ImageShape input) {
    int patch = model.patch();
    if (input.height() % patch != 0 || input.width() % patch != 0) {
      throw InvalidConfigException.of(
          "model.patch",
          "must divide height and width of the images, so that patches cover them: patch=%d, images=%s"
              .formatted(patch, input));
    }
    LayerList layers = new LayerList();
    layers.add("patches", new Convolution(model.features(), patch, patch, 0, 1, false));
    layers.add("sequence", new FlattenPositions());
    Transformer.add(layers, Transformer.Blocks.of(model), Optional.empty());
    return layers.add("pool", new MeanPool());
  }
}
