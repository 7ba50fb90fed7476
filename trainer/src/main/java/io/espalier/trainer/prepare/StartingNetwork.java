package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Networks;
import io.espalier.trainer.onnx.read.OnnxImport;

/** Creates the network of a recipe, or reads it from a file. */
public final class StartingNetwork {
  private StartingNetwork() {}

  /**
   * @throws InvalidConfigException if the model does not fit the examples, or its file cannot be read
   */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    return model instanceof ModelConfig.Onnx onnx
        ? OnnxImport.read(onnx, input, classes).network()
        : Networks.of(model, input, classes);
  }
}
