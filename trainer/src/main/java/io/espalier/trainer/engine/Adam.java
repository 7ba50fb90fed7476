package io.espalier.trainer.engine;

/** Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015), bias-corrected. */
record Adam(double beta1, double beta2, double epsilon) implements UpdateRule {
  @Override
  public int moments() {
    return 2;
  }

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
