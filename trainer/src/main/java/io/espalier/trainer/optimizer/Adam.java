package io.espalier.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015), bias-corrected. */
record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
  @Override
  public int moments() {
    return 2;
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> moments, long step, double rate) {
    NDArray mean = moments.get(0);
    NDArray square = moments.get(1);
    mean.muli(beta1).addi(gradient.mul(1 - beta1));
    square.muli(beta2).addi(gradient.mul(gradient).muli(1 - beta2));
    double meanCorrection = 1 - StrictMath.pow(beta1, (double) (step + 1));
    double squareCorrection = 1 - StrictMath.pow(beta2, (double) (step + 1));
    NDArray denominator = square.div(squareCorrection).sqrt().addi(epsilon);
    weight.subi(mean.div(denominator).muli(rate / meanCorrection));
  }
}
