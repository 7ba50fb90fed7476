package io.espalier.trainer.engine;

import ai.djl.ndarray.NDArray;

/**
 * Numbers as operands of a pass through which gradients flow.
 *
 * <p>The engine's overloads for numbers, such as {@code array.mul(0.9f)}, must not be used there:
 * they close the number's array at once, while the backward pass still reads its memory. A garbage
 * collection between the passes then makes the gradient wrong.
 */
public final class ConstantOperand {
  private ConstantOperand() {}

  /** Creates a number in the scope or manager of {@code array}. */
  public static NDArray beside(NDArray array, double value) {
    return array.getManager().create((float) value);
  }
}
