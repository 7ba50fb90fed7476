package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.TokenEmbedding;
import java.util.List;

final class TokenEmbeddingWriter implements OnnxWriter<TokenEmbedding> {
  private static final int INT64 = 7;

  @Override
  public String write(TokenEmbedding layer, OnnxNode node) {
    String numbers = node.graph().takesTokens() ? node.input() : numbers(node);
    String rows = node.transposed("rows", node.parameters().get(0), 1, 0);
    String found = node.part("found", "Gather", rows, numbers);
    return node.whole(
        "Transpose", List.of(found), new OnnxAttributes().with("perm", List.of(0, 2, 1)));
  }

  private static String numbers(OnnxNode node) {
    String shape = node.longs("shape", 0, node.output().positions());
    String flat = node.part("flat", "Reshape", node.input(), shape);
    return node.part("numbers", "Cast", List.of(flat), new OnnxAttributes().with("to", INT64));
  }
}
