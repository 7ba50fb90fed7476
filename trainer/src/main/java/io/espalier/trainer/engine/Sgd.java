package io.espalier.trainer.engine;

/**
 * Stochastic gradient descent with momentum: {@code v = μv + g}, then {@code w = w − ηv};
 * Nesterov's (Sutskever et al., "On the importance of initialization and momentum in deep
 * learning", 2013, in the form that keeps the weights and looks ahead with the gradient) {@code w =
 * w − η(g + μv)}.
 */
record Sgd(double momentum, boolean nesterov) implements UpdateRule {
  @Override
  public int moments() {
    return momentum > 0 ? 1 : 0;
  }

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
