package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Attention;
import java.util.List;

final class AttentionWriter implements OnnxWriter<Attention> {
  @Override
  public String write(Attention layer, OnnxNode node) {
    int positions = node.output().positions();
    int features = node.output().channels();
    int heads = node.shapes().get(1).channels() / layer.headSize();
    int sharing = features / layer.headSize() / heads;
    String split =
        node.part(
            "queries.heads",
            "Reshape",
            node.inputs().get(0),
            node.longs("queries.split", 0, heads, sharing, layer.headSize(), positions));
    String turned = node.transposed("queries.turned", split, 0, 1, 2, 4, 3);
    String queries =
        node.part(
            "queries",
            "Reshape",
            turned,
            node.longs("queries.shape", 0, heads, (long) sharing * positions, layer.headSize()));
    String shape = node.longs("shape", 0, heads, layer.headSize(), positions);
    String keys = node.part("keys", "Reshape", node.inputs().get(1), shape);
    String values = node.part("values", "Reshape", node.inputs().get(2), shape);
    String products = node.part("products", "MatMul", queries, keys);
    String scaled =
        node.part("scaled", "Mul", products, node.scalar("scale", (float) layer.scale()));
    String before =
        layer.causal()
            ? node.part("seen", "Add", scaled, hidden(node, positions, sharing))
            : scaled;
    String present =
        node.inputs().size() > 3 ? node.part("present", "Add", before, ofPadding(node)) : before;
    String weights =
        node.part("weights", "Softmax", List.of(present), new OnnxAttributes().with("axis", 3));
    String turnedValues = node.transposed("values.turned", values, 0, 1, 3, 2);
    String means = node.part("means", "MatMul", weights, turnedValues);
    String apart =
        node.part(
            "means.heads",
            "Reshape",
            means,
            node.longs("means.split", 0, heads, sharing, positions, layer.headSize()));
    String back = node.transposed("means.turned", apart, 0, 1, 2, 4, 3);
    return node.whole("Reshape", back, node.longs("together", 0, features, positions));
  }

  private static String ofPadding(OnnxNode node) {
    String absent = node.part("padding", "Sub", node.scalar("one", 1), node.inputs().get(3));
    String hidden =
        node.part("padding.hidden", "Mul", absent, node.scalar("lowest", Attention.HIDDEN));
    return node.part("padding.keys", "Unsqueeze", hidden, node.longs("padding.axis", 1));
  }

  private static String hidden(OnnxNode node, int positions, int sharing) {
    return node.tensor(
        "hidden", List.of(sharing * positions, positions), Attention.hidden(positions, sharing));
  }
}
