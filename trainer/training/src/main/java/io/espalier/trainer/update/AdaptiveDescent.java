package io.espalier.trainer.update;

/**
 * Descent along gradients that are divided by the root of what is remembered of their squares:
 * {@code s = kept · s + added · g²}, {@code g ← g / (√s + ε)}.
 *
 * @param hasMomentum whether the first moment is the velocity of {@code descent}
 * @param descent takes the step along the divided gradient
 */
record AdaptiveDescent(
    double kept, double added, double epsilon, boolean hasMomentum, UpdateRule descent)
    implements UpdateRule {
  @Override
  public int moments() {
    return hasMomentum ? 2 : 1;
  }

  @Override
  public UpdateRule withoutMomentum() {
    return new AdaptiveDescent(kept, added, epsilon, hasMomentum, descent.withoutMomentum());
  }

  @Override
  public void apply(Updated of, long completed, double rate) {
    divide(of.gradient(), of.moment(moments() - 1), of.count());
    descent.apply(of, completed, rate);
  }

  private void divide(float[] gradient, float[] square, int count) {
    float keptSquare = (float) kept;
    float newSquare = (float) added;
    float smallest = (float) epsilon;
    for (int i = 0; i < count; i++) {
      float g = gradient[i];
      float s = square[i] * keptSquare + g * g * newSquare;
      square[i] = s;
      gradient[i] = g / ((float) Math.sqrt(s) + smallest);
    }
  }
}
