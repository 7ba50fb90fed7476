package io.espalier.trainer.state;

/** A value is NaN or infinite. */
public final class DivergedException extends RuntimeException {
  private static final String CAUSES =
      ". Likely causes: a learning rate that is too high (lower train.learning-rate.initial or max,"
          + " add warm-up, or set train.clip-norm), features that are not normalised, or a network"
          + " without norms that is too deep";

  private final String found;

  private DivergedException(String found) {
    super(found + CAUSES);
    this.found = found;
  }

  /** Returns what is not finite, without causes that a training may have. */
  public String found() {
    return found;
  }

  public DivergedException(long step, String what, String largestParameter, double largest) {
    this(
        "%s is not a finite number: step=%d, parameter of largest magnitude=%s (%s)"
            .formatted(what, step, largestParameter, largest));
  }

  static DivergedException ofStatistic(long step, String parameter, double value) {
    return new DivergedException(
        "A statistic for the mask update is not a finite number: step=%d, parameter=%s, value=%s"
            .formatted(step, parameter, value));
  }
}
