package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.read.OnnxImport;

/** The network that a run starts with: laid out as its recipe says, or read from a file. */
public final class StartingNetwork {
  private StartingNetwork() {}

  /**
   * The network that a recipe names, for examples of one shape.
   *
   * @throws InvalidConfigException if the model does not fit the examples, or its file cannot be
   *     read
   */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    return model instanceof ModelConfig.Onnx onnx
        ? OnnxImport.read(onnx, input, classes).network()
        : Network.of(model, input, classes);
  }
}
