package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.LocalResponseNorm;

final class LocalResponseNormWriter implements OnnxWriter<LocalResponseNorm> {
  @Override
  public String write(LocalResponseNorm layer, OnnxNode node) {
    return node.operation(
        "LRN",
        new OnnxAttributes()
            .with("size", layer.size())
            .with("alpha", layer.alpha())
            .with("beta", layer.beta())
            .with("bias", layer.bias()));
  }
}
