package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.PaddingMask;
import java.util.List;

final class PaddingMaskWriter implements OnnxWriter<PaddingMask> {
  private static final int FLOAT = 1;

  @Override
  public String write(PaddingMask layer, OnnxNode node) {
    boolean given = node.graph().takesTokens();
    String from = given ? OnnxGraphWriter.MASK : node.input();
    String shape = node.longs("shape", 0, 1, node.output().positions());
    String flat = node.part("flat", "Reshape", from, shape);
    if (given) {
      return node.whole("Cast", List.of(flat), new OnnxAttributes().with("to", FLOAT));
    }
    String padded = node.part("padded", "Equal", flat, node.scalar("padding", layer.padding()));
    String tokens = node.part("tokens", "Not", padded);
    return node.whole("Cast", List.of(tokens), new OnnxAttributes().with("to", FLOAT));
  }
}
