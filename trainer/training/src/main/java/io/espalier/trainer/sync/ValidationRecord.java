package io.espalier.trainer.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.configs.Metric;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Holds what the evaluations on the validation split have decided so far. Part of a checkpoint.
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

  /**
   * An evaluation on the validation split after {@code step} steps.
   *
   * @param accuracy from 0 to 1
   * @param bits per character, which count in place of the accuracy where the next token of a text
   *     is learned; less is better
   */
  public record Score(
      long step,
      double accuracy,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble bits) {

    /** Makes the score of a network that is read by its accuracy. */
    public Score(long step, double accuracy) {
      this(step, accuracy, OptionalDouble.empty());
    }

    static Score of(long step, EvaluationPart result, Metric metric) {
      return new Score(step, result.accuracy(), metric.bits(result.loss()));
    }

    /** Rise of the accuracy over another score, or the share of its bits that are saved. */
    double gainOver(Score other) {
      return bits.isPresent()
          ? 1 - bits.getAsDouble() / other.bits.orElseThrow()
          : accuracy - other.accuracy;
    }

    /** As {@code validation accuracy 91.20%}. */
    public String text() {
      return "validation " + Metric.text(accuracy, bits);
    }
  }

  ValidationRecord withBest(Score score) {
    boolean better = best.isEmpty() || score.gainOver(best.get()) > 0;
    return better ? new ValidationRecord(Optional.of(score), gain, withoutGain) : this;
  }

  ValidationRecord withScore(Score score, double minGain) {
    boolean gains =
        gain.isEmpty()
            || (score.gainOver(gain.get()) > 0
                && score.gainOver(gain.get()) >= minGain - TOLERANCE);
    return gains
        ? new ValidationRecord(best, Optional.of(score), 0)
        : new ValidationRecord(best, gain, withoutGain + 1);
  }
}
