package io.espalier.trainer.prepare;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.read.OnnxImport;
import java.util.OptionalInt;

public final class StartingNetwork {
  private StartingNetwork() {}

  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    return model instanceof ModelConfig.Onnx onnx
        ? OnnxImport.read(onnx, input, classes, OptionalInt.empty()).network()
        : Network.of(model, input, classes);
  }
}
