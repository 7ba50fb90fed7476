package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.GlobalAveragePool;
import java.util.List;

final class GlobalAveragePoolWriter implements OnnxWriter<GlobalAveragePool> {
  @Override
  public String write(GlobalAveragePool layer, OnnxNode node) {
    String mean = node.part("mean", "GlobalAveragePool", node.input());
    return node.whole("Flatten", List.of(mean), new OnnxAttributes().with("axis", 1));
  }
}
