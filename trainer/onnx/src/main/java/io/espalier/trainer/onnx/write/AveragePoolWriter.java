package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.AveragePool;

final class AveragePoolWriter implements OnnxWriter<AveragePool> {
  @Override
  public String write(AveragePool layer, OnnxNode node) {
    return node.operation(
        "AveragePool",
        OnnxAttributes.window(layer.kernel(), layer.stride(), layer.padding())
            .with("count_include_pad", layer.countsPadding() ? 1 : 0));
  }
}
