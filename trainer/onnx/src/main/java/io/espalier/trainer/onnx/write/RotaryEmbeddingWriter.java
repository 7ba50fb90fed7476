package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.RotaryTables;
import io.espalier.trainer.network.TensorShape;
import java.util.List;

final class RotaryEmbeddingWriter implements OnnxWriter<RotaryEmbedding> {
  @Override
  public String write(RotaryEmbedding layer, OnnxNode node) {
    TensorShape shape = node.output();
    int positions = shape.positions();
    int pairs = layer.headSize() / 2;
    long heads = shape.channels() / layer.headSize();
    List<Integer> tables = List.of(2, pairs, positions);
    String halves =
        node.part(
            "halves", "Reshape", node.input(), node.longs("split", 0, heads, 2, pairs, positions));
    String swapped =
        node.part(
            "swapped",
            "Gather",
            List.of(halves, node.longs("order", 1, 0)),
            new OnnxAttributes().with("axis", 2));
    RotaryTables values = RotaryTables.of(layer.headSize(), layer.base(), positions);
    String cosines = node.tensor("cosines", tables, values.cosines());
    String sines = node.tensor("sines", tables, values.sines());
    String kept = node.part("kept", "Mul", halves, cosines);
    String turned = node.part("turned", "Mul", swapped, sines);
    String sum = node.part("sum", "Add", kept, turned);
    return node.whole("Reshape", sum, node.longs("shape", 0, shape.channels(), positions));
  }
}
