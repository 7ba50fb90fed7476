package io.espalier.trainer.optimizer;

import io.espalier.configs.OptimizerConfig;

/** How a gradient changes weights and moments, unit by unit. Stateless. */
sealed interface UpdateRule {
  /** Updates weight and moments of {@code piece}, whose gradient is consumed. */
  void apply(ParameterSlice piece, long completed, double rate);

  static UpdateRule of(OptimizerConfig config) {
    if (config instanceof OptimizerConfig.Sgd sgd) {
      return new Sgd(sgd.momentum(), sgd.nesterov());
    }
    if (config instanceof OptimizerConfig.Adam adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    }
    if (config instanceof OptimizerConfig.AdamW adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    }
    throw new IllegalArgumentException("no optimizer for this configuration: config=" + config);
  }

  /**
   * SGD with momentum: {@code v = μv + g}, {@code w = w − ηv}; Nesterov's (Sutskever et al., "On
   * the importance of initialization and momentum in deep learning", 2013, looking ahead with the
   * gradient) {@code w = w − η(g + μv)}.
   */
  record Sgd(double momentum, boolean nesterov) implements UpdateRule {
    @Override
    public void apply(ParameterSlice piece, long completed, double rate) {
      float[] direction = piece.gradient();
      if (momentum > 0) {
        float[] velocity = piece.moment(0);
        piece.scale(velocity, (float) momentum);
        piece.add(velocity, piece.gradient(), 1);
        if (nesterov) {
          piece.add(piece.gradient(), velocity, (float) momentum);
        } else {
          direction = velocity;
        }
      }
      piece.add(piece.weight(), direction, (float) -rate);
    }
  }

  /** Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015), bias-corrected. */
  record Adam(double beta1, double beta2, double epsilon) implements UpdateRule {
    @Override
    public void apply(ParameterSlice piece, long completed, double rate) {
      float[] mean = piece.moment(0);
      float[] square = piece.moment(1);
      piece.scale(mean, (float) beta1);
      piece.add(mean, piece.gradient(), (float) (1 - beta1));
      piece.scale(square, (float) beta2);
      addSquares(square, piece.gradient(), (float) (1 - beta2), piece.count());
      double meanCorrection = 1 - StrictMath.pow(beta1, (double) (completed + 1));
      double squareCorrection = 1 - StrictMath.pow(beta2, (double) (completed + 1));
      float[] direction = piece.gradient();
      divide(direction, mean, square, (float) squareCorrection, piece.count());
      piece.add(piece.weight(), direction, (float) (-rate / meanCorrection));
    }

    private static void addSquares(float[] target, float[] values, float factor, int count) {
      for (int i = 0; i < count; i++) {
        target[i] += values[i] * values[i] * factor;
      }
    }

    private void divide(float[] target, float[] mean, float[] square, float correction, int count) {
      float smallest = (float) epsilon;
      for (int i = 0; i < count; i++) {
        target[i] = mean[i] / ((float) Math.sqrt(square[i] / correction) + smallest);
      }
    }
  }
}
