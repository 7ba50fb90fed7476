package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.TensorShape;

final class FlattenPositionsWriter implements OnnxWriter<FlattenPositions> {
  @Override
  public String write(FlattenPositions layer, OnnxNode node) {
    TensorShape output = node.output();
    return node.whole(
        "Reshape", node.input(), node.longs("shape", 0, output.channels(), output.positions()));
  }
}
