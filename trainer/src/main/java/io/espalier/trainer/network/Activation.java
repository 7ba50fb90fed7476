package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Locale;

record Activation(Function function) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("activation", Activation.class);

  /** Of the third power in a GELU by a tanh. */
  static final double CUBIC = 0.044715;

  /** √(2/π), of a GELU by a tanh. */
  static final double SLOPE = 0.7978845608028654;

  static LayerKind kind(Function function, String prefix) {
    String name = function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return LayerKind.onlyInRecipes(name, prefix, () -> new Activation(function));
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    return switch (function) {
      case RELU -> ai.djl.nn.Activation.relu(input);
      case RELU6 -> upToSix(input);
      case HARD_SWISH ->
          upToSix(input.add(Constant.beside(input, 3))).mul(input).div(Constant.beside(input, 6));
      case SIGMOID -> ai.djl.nn.Activation.sigmoid(input);
      case TANH -> ai.djl.nn.Activation.tanh(input);
      case GELU -> ai.djl.nn.Activation.gelu(input);
      case GELU_TANH -> geluByTanh(input);
      case SILU -> input.mul(ai.djl.nn.Activation.sigmoid(input));
    };
  }

  private static NDArray geluByTanh(NDArray input) {
    NDArray cube = input.mul(input).mul(input).mul(Constant.beside(input, CUBIC));
    NDArray tanh = ai.djl.nn.Activation.tanh(input.add(cube).mul(Constant.beside(input, SLOPE)));
    NDArray half = input.mul(Constant.beside(input, 0.5));
    return half.add(half.mul(tanh));
  }

  private static NDArray upToSix(NDArray input) {
    return ai.djl.nn.Activation.relu(input).minimum(Constant.beside(input, 6));
  }

  @Override
  public boolean activates() {
    return true;
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Activation(SparseLayer.Function.valueOf(function.name()));
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return function != Function.SIGMOID && !inputs.contains(false);
  }

  @Override
  public String export(OnnxNode node) {
    return switch (function) {
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
    String small = node.part("small", "Mul", cube, node.scalar("cubic", (float) CUBIC));
    String sum = node.part("sum", "Add", node.input(), small);
    String steep = node.part("steep", "Mul", sum, node.scalar("slope", (float) SLOPE));
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
