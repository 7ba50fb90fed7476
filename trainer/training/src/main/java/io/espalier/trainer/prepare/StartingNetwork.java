package io.espalier.trainer.prepare;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkImport;

public final class StartingNetwork {
  private StartingNetwork() {}

  public static Network of(ModelConfig.Architecture model, Dataset data) {
    return model instanceof ModelConfig.Onnx onnx
        ? NetworkImport.ofOnnx().read(onnx, data.input(), data.classes(), data.padding()).network()
        : Network.of(model, data.input(), data.sizes());
  }
}
