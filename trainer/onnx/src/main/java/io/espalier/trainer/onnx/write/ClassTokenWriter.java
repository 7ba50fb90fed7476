package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.ClassToken;
import java.util.List;

final class ClassTokenWriter implements OnnxWriter<ClassToken> {
  @Override
  public String write(ClassToken layer, OnnxNode node) {
    String batch =
        node.part(
            "batch",
            "Shape",
            List.of(node.input()),
            new OnnxAttributes().with("start", 0).with("end", 1));
    String shape =
        node.part(
            "shape",
            "Concat",
            List.of(batch, node.longs("position", node.output().channels(), 1)),
            new OnnxAttributes().with("axis", 0));
    String token = node.part("token", "Expand", node.parameters().get(0), shape);
    return node.whole("Concat", List.of(token, node.input()), new OnnxAttributes().with("axis", 2));
  }
}
