package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.Pooling;
import java.util.Optional;

/**
 * Transformer that reads an image as a sequence of its patches, each with features of its place,
 * and classifies a class token before them (Dosovitskiy et al., "An Image is Worth 16x16 Words:
 * Transformers for Image Recognition at Scale", 2021), or the mean of its positions (Zhai,
 * Kolesnikov, Houlsby and Beyer, "Scaling Vision Transformers", 2022).
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
    boolean hasToken = model.pooling() == Pooling.CLASS_TOKEN;
    if (hasToken) {
      layers.add("class-token", new ClassToken());
    }
    Transformer.add(layers, Transformer.Blocks.of(model), Optional.empty());
    return layers.add("pool", hasToken ? new FirstPosition() : new MeanPool());
  }
}
