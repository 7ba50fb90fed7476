package io.espalier.trainer.state;

/** Training left the finite numbers. */
public final class DivergedException extends RuntimeException {
  public DivergedException(long step, String what, String largestParameter, double largest) {
    super(
        what
            + " is not a finite number: step="
            + step
            + ", parameter of largest magnitude="
            + largestParameter
            + " ("
            + largest
            + "). Likely causes: a learning rate that is too high (lower train.learning-rate.initial"
            + " or max, add warm-up, or set train.clip-norm), features that are not normalised, or a"
            + " network without norms that is too deep");
  }
}
