package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Activation;

final class ActivationWriter implements OnnxWriter<Activation> {
  @Override
  public String write(Activation layer, OnnxNode node) {
    return switch (layer.function()) {
      case RELU -> node.whole("Relu", node.input());
      case RELU6 -> node.clip(0, 6);
      case HARD_SWISH -> node.whole("HardSwish", node.input());
      case SIGMOID -> node.whole("Sigmoid", node.input());
      case TANH -> node.whole("Tanh", node.input());
      case GELU -> gelu(node);
      case GELU_TANH -> geluByTanh(node);
      case SILU -> node.whole("Mul", node.input(), node.part("sigmoid", "Sigmoid", node.input()));
    };
  }

  private static String geluByTanh(OnnxNode node) {
    String square = node.part("square", "Mul", node.input(), node.input());
    String cube = node.part("cube", "Mul", square, node.input());
    String small = node.part("small", "Mul", cube, node.scalar("cubic", (float) Activation.CUBIC));
    String sum = node.part("sum", "Add", node.input(), small);
    String steep = node.part("steep", "Mul", sum, node.scalar("slope", (float) Activation.SLOPE));
    String plus = node.part("plus", "Add", node.part("tanh", "Tanh", steep), node.scalar("one", 1));
    String product = node.part("product", "Mul", node.input(), plus);
    return node.whole("Mul", product, node.scalar("half", 0.5f));
  }

  /** {@code x · (1 + erf(x / √2)) / 2}: opset 17 has no operation for it. */
  private static String gelu(OnnxNode node) {
    String root = node.scalar("root", (float) Math.sqrt(2));
    String erf = node.part("erf", "Erf", node.part("over", "Div", node.input(), root));
    String plus = node.part("plus", "Add", erf, node.scalar("one", 1));
    String product = node.part("product", "Mul", node.input(), plus);
    return node.whole("Mul", product, node.scalar("half", 0.5f));
  }
}
