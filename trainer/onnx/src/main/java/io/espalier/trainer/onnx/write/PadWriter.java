package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Pad;

final class PadWriter implements OnnxWriter<Pad> {
  @Override
  public String write(Pad layer, OnnxNode node) {
    String sides =
        node.longs("pads", 0, 0, layer.top(), layer.left(), 0, 0, layer.bottom(), layer.right());
    float value = layer.lowest() ? Float.NEGATIVE_INFINITY : 0;
    return node.whole("Pad", node.input(), sides, node.scalar("value", value));
  }
}
