package io.espalier.trainer.sync;

import io.espalier.configs.DataConfig;
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

  static List<EvaluationRequest> due(
      PreparedRun run, Committed committed, boolean updates, Commit.Next next, boolean firstTime) {
    List<EvaluationRequest> due = new ArrayList<>();
    boolean validates =
        firstTime
            && !committed.recalibrated()
            && (run.splits().validation().length > 0 || hasHeldOut(run, committed))
            && isDue(run, committed.step());
    boolean streams = committed.stream().isPresent();
    Set whileTraining = streams ? Set.HOLD_OUT : Set.VALIDATION;
    if (validates && updates) {
      due.add(new EvaluationRequest(whileTraining, Phase.BEFORE_UPDATE));
      due.add(new EvaluationRequest(whileTraining, Phase.AFTER_UPDATE));
    } else if (validates) {
      due.add(new EvaluationRequest(whileTraining, Phase.REGULAR));
    }
    if (next == Commit.Next.FINISH) {
      due.add(new EvaluationRequest(streams ? Set.HOLD_OUT : Set.TEST, Phase.FINAL));
    }
    return due;
  }

  private static boolean hasHeldOut(PreparedRun run, Committed committed) {
    return run.config().data().source() instanceof DataConfig.Kafka kafka
        && committed.stream().isPresent()
        && new HoldOut(kafka.holdOut()).count(committed.stream().get().at().accepted()) > 0;
  }

  /** At step 0 too: a run from stored weights shows their initial quality. */
  private static boolean isDue(PreparedRun run, long step) {
    return step == 0
        ? run.config().train().evaluateEvery().isPresent()
        : run.plan().evaluationDue(step);
  }
}
