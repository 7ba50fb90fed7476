package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.Activation;

final class ActivationOp implements EngineOp<Activation> {
  @Override
  public NDArray forward(Activation layer, Forward pass) {
    NDArray input = pass.input();
    return switch (layer.function()) {
      case RELU -> ai.djl.nn.Activation.relu(input);
      case RELU6 -> upToSix(input);
      case HARD_SWISH ->
          upToSix(input.add(ConstantOperand.beside(input, 3)))
              .mul(input)
              .div(ConstantOperand.beside(input, 6));
      case SIGMOID -> ai.djl.nn.Activation.sigmoid(input);
      case TANH -> ai.djl.nn.Activation.tanh(input);
      case GELU -> ai.djl.nn.Activation.gelu(input);
      case GELU_TANH -> geluByTanh(input);
      case SILU -> input.mul(ai.djl.nn.Activation.sigmoid(input));
    };
  }

  private static NDArray geluByTanh(NDArray input) {
    NDArray cube = input.mul(input).mul(input).mul(ConstantOperand.beside(input, Activation.CUBIC));
    NDArray tanh =
        ai.djl.nn.Activation.tanh(
            input.add(cube).mul(ConstantOperand.beside(input, Activation.SLOPE)));
    NDArray half = input.mul(ConstantOperand.beside(input, 0.5));
    return half.add(half.mul(tanh));
  }

  private static NDArray upToSix(NDArray input) {
    return ai.djl.nn.Activation.relu(input).minimum(ConstantOperand.beside(input, 6));
  }
}
