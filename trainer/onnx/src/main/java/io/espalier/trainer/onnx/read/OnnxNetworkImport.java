package io.espalier.trainer.onnx.read;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.NetworkImport;
import java.util.OptionalInt;

/** The import of recipes. */
public final class OnnxNetworkImport implements NetworkImport {
  @Override
  public ImportedNetwork read(
      ModelConfig.Onnx model, ImageShape input, int classes, OptionalInt padding) {
    return OnnxImport.read(model, input, classes, padding);
  }

  @Override
  public String digest(ModelConfig.Onnx model) {
    return OnnxImport.digest(model);
  }
}
