package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Linear;

final class LinearWriter implements OnnxWriter<Linear> {
  @Override
  public String write(Linear layer, OnnxNode node) {
    return node.output().isSequence()
        ? atEachPosition(layer, node)
        : node.operation("Gemm", new OnnxAttributes().with("transB", 1));
  }

  private static String atEachPosition(Linear layer, OnnxNode node) {
    String weight = node.parameters().get(0);
    if (!layer.bias()) {
      return node.whole("MatMul", weight, node.input());
    }
    String product = node.part("product", "MatMul", weight, node.input());
    return node.whole("Add", product, node.alongFeatures(node.parameters().get(1)));
  }
}
