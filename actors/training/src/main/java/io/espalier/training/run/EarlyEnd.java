package io.espalier.training.run;

import io.espalier.configs.StopEarlyConfig;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.ValidationRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Why a run ended before the last step of its plan. */
public final class EarlyEnd {
  private EarlyEnd() {}

  /** The reason, as one clause; empty if the run took all steps. */
  public static Optional<String> reason(FinishedRun finished) {
    return finished.endedEarly()
        ? finished
            .committed()
            .run()
            .config()
            .train()
            .clock()
            .stopEarly()
            .map(rule -> reason(rule, finished.validation()))
        : Optional.empty();
  }

  private static String reason(StopEarlyConfig rule, ValidationRecord record) {
    ValidationRecord.Score gain = record.gain().orElseThrow();
    return String.format(
        Locale.ROOT, "%s over %s of step %,d", rule(rule), gain.text(), gain.step());
  }

  /** What ends a run early, such as "5 evaluations without a gain of 0.1%". */
  public static String rule(StopEarlyConfig rule) {
    return String.format(
        Locale.ROOT,
        "%d %s without a gain%s",
        rule.patience(),
        rule.patience() == 1 ? "evaluation" : "evaluations",
        rule.minGain() > 0 ? " of " + percent(rule.minGain()) : "");
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share)
            .movePointRight(2)
            .setScale(6, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }
}
