package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.PositionEmbedding;

final class PositionEmbeddingWriter implements OnnxWriter<PositionEmbedding> {
  @Override
  public String write(PositionEmbedding layer, OnnxNode node) {
    String shape = node.part("shape", "Shape", node.input());
    return node.whole("Expand", node.parameters().get(0), shape);
  }
}
