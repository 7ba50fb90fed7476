package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.PositionNorm;
import java.util.List;

final class PositionNormWriter implements OnnxWriter<PositionNorm> {
  @Override
  public String write(PositionNorm layer, OnnxNode node) {
    float share = layer.share(node.output().channels());
    String normalised =
        layer.centred() ? centredBy(layer, node, share) : byRoot(layer, node, node.input(), share);
    String scale = node.alongFeatures(node.parameters().get(0));
    if (!layer.centred()) {
      return node.whole("Mul", normalised, scale);
    }
    String scaled = node.part("scaled", "Mul", normalised, scale);
    return node.whole("Add", scaled, node.alongFeatures(node.parameters().get(1)));
  }

  private static String centredBy(PositionNorm layer, OnnxNode node, float share) {
    String mean = mean(node, "mean", node.input(), share);
    String apart = node.part("apart", "Sub", node.input(), mean);
    String squares = mean(node, "variance", node.part("squares", "Mul", apart, apart), share);
    String squaredMean = node.part("mean.squared", "Mul", mean, mean);
    String ofCut = node.part("cut", "Mul", squaredMean, node.scalar("gone", 1 - share));
    return over(layer, node, apart, node.part("whole", "Add", squares, ofCut));
  }

  private static String byRoot(PositionNorm layer, OnnxNode node, String input, float share) {
    return over(
        layer, node, input, mean(node, "square", node.part("squares", "Mul", input, input), share));
  }

  private static String over(PositionNorm layer, OnnxNode node, String value, String variance) {
    String above = node.part("above", "Add", variance, node.scalar("epsilon", layer.epsilon()));
    return node.part("normalised", "Div", value, node.part("root", "Sqrt", above));
  }

  private static String mean(OnnxNode node, String name, String value, float share) {
    OnnxAttributes alongFeatures = new OnnxAttributes().with("axes", List.of(1));
    String mean = node.part(name + ".left", "ReduceMean", List.of(value), alongFeatures);
    return node.part(name, "Mul", mean, node.scalar(name + ".share", share));
  }
}
