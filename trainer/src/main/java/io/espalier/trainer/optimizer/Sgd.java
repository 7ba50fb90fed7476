package io.espalier.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Stochastic gradient descent with heavy-ball momentum: {@code v = μv + g, w = w − ηv}. */
record Sgd(double momentum) implements Optimizer {
  @Override
  public int moments() {
    return momentum > 0 ? 1 : 0;
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> moments, long step, double rate) {
    NDArray direction = gradient;
    if (momentum > 0) {
      direction = moments.get(0);
      direction.muli(momentum).addi(gradient);
    }
    weight.subi(direction.mul(rate));
  }
}
