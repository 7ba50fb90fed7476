package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.FirstPosition;
import java.util.List;

final class FirstPositionWriter implements OnnxWriter<FirstPosition> {
  @Override
  public String write(FirstPosition layer, OnnxNode node) {
    String first =
        node.part(
            "first",
            "Gather",
            List.of(node.input(), node.longs("index", 0)),
            new OnnxAttributes().with("axis", 2));
    return node.whole("Squeeze", first, node.longs("axes", 2));
  }
}
