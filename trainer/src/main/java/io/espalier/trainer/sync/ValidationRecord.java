package io.espalier.trainer.sync;

import java.util.Optional;

/**
 * What the evaluations on the validation split have decided so far. Part of a checkpoint.
 *
 * @param best the earliest of the best evaluations at the final sparsity, if the run keeps it
 * @param gain the newest evaluation that gained enough, if the run may end early
 * @param withoutGain evaluations since {@code gain}
 */
public record ValidationRecord(Optional<Score> best, Optional<Score> gain, int withoutGain) {
  /** 0.851 − 0.85 is a gain of 0.1%, though less in binary. */
  private static final double TOLERANCE = 1e-9;

  public static final ValidationRecord NONE =
      new ValidationRecord(Optional.empty(), Optional.empty(), 0);

  /** Accuracy, from 0 to 1, on the validation split after {@code step} steps. */
  public record Score(long step, double accuracy) {}

  ValidationRecord withBest(Score score) {
    boolean better = best.isEmpty() || score.accuracy() > best.get().accuracy();
    return better ? new ValidationRecord(Optional.of(score), gain, withoutGain) : this;
  }

  ValidationRecord withScore(Score score, double minGain) {
    boolean gains =
        gain.isEmpty()
            || (score.accuracy() > gain.get().accuracy()
                && score.accuracy() - gain.get().accuracy() >= minGain - TOLERANCE);
    return gains
        ? new ValidationRecord(best, Optional.of(score), 0)
        : new ValidationRecord(best, gain, withoutGain + 1);
  }
}
