package io.espalier.trainer.sync;

import io.espalier.configs.KafkaConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.HoldOut;
import java.util.ArrayList;
import java.util.List;

/** An evaluation that all trainers share, each on its part of the set. */
public record EvaluationRequest(Set set, Phase phase) {
  public enum Set {
    VALIDATION,
    TEST,
    HOLD_OUT
  }

  public enum Phase {
    REGULAR,
    BEFORE_UPDATE,
    AFTER_UPDATE,
    FINAL
  }

  /**
   * The evaluations of a commit.
   *
   * @param whileTraining their phases if the set to evaluate on while training is due
   */
  static List<EvaluationRequest> due(
      PreparedRun run, Committed committed, List<Phase> whileTraining, Commit.Next next) {
    List<EvaluationRequest> due = new ArrayList<>();
    boolean validates =
        !committed.recalibrated()
            && (run.splits().validation().length > 0 || hasHeldOut(run, committed))
            && isDue(run, committed.step());
    boolean streams = committed.stream().isPresent();
    Set set = streams ? Set.HOLD_OUT : Set.VALIDATION;
    if (validates) {
      whileTraining.forEach(phase -> due.add(new EvaluationRequest(set, phase)));
    }
    if (next == Commit.Next.FINISH) {
      due.add(new EvaluationRequest(streams ? Set.HOLD_OUT : Set.TEST, Phase.FINAL));
    }
    return due;
  }

  private static boolean hasHeldOut(PreparedRun run, Committed committed) {
    return run.config().data().source() instanceof KafkaConfig kafka
        && committed.stream().isPresent()
        && new HoldOut(kafka.holdOut()).count(committed.stream().get().at().accepted()) > 0;
  }

  /** At step 0 too: a run from stored weights shows their initial quality. */
  private static boolean isDue(PreparedRun run, long step) {
    return step == 0
        ? run.config().train().clock().evaluateEvery().isPresent()
        : run.plan().evaluationDue(step);
  }
}
