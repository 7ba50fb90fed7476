package io.espalier.trainer.network;

import java.util.List;
import java.util.Locale;

public record Activation(Function function) implements Layer, ActivationLayer {
  /** A function of a value x; model files store the constant's name. */
  public enum Function {
    RELU,
    /** min(max(x, 0), 6) (Howard et al., "MobileNets", 2017). */
    RELU6,
    /** x · relu6(x + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019). */
    HARD_SWISH,
    SIGMOID,
    TANH,
    /** x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, 2016). */
    GELU,
    /** GELU with Φ by a tanh: x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
    GELU_TANH,
    /** x · sigmoid(x) (Hendrycks and Gimpel, 2016). */
    SILU
  }

  static final LayerKind KIND = LayerKind.onlyStored("activation", Activation.class);

  /** The coefficient of the third power in a GELU by a tanh. */
  public static final double CUBIC = 0.044715;

  /** √(2/π), of a GELU by a tanh. */
  public static final double SLOPE = 0.7978845608028654;

  static LayerKind kind(Function function, String prefix) {
    String name = function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return LayerKind.onlyInRecipes(name, prefix, () -> new Activation(function));
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return function != Function.SIGMOID && !inputs.contains(false);
  }
}
