package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.MeanPool;
import java.util.List;

final class MeanPoolWriter implements OnnxWriter<MeanPool> {
  @Override
  public String write(MeanPool layer, OnnxNode node) {
    if (node.inputs().size() == 1) {
      return node.whole(
          "ReduceMean",
          List.of(node.input()),
          new OnnxAttributes().with("axes", List.of(2)).with("keepdims", 0));
    }
    String mask = node.inputs().get(1);
    String present = node.part("present", "Mul", node.input(), mask);
    String count = node.part("count", "Max", sum(node, "tokens", mask), node.scalar("least", 1));
    return node.whole("Div", sum(node, "sum", present), count);
  }

  private static String sum(OnnxNode node, String name, String value) {
    String axes = node.longs(name + ".axes", 2);
    return node.part(
        name, "ReduceSum", List.of(value, axes), new OnnxAttributes().with("keepdims", 0));
  }
}
