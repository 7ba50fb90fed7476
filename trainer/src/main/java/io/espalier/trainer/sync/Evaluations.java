package io.espalier.trainer.sync;

import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.commit.EvaluationRequest;
import io.espalier.trainer.commit.EvaluationRequest.Phase;
import io.espalier.trainer.commit.EvaluationRequest.Set;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.ArrayList;
import java.util.List;

/** Which evaluations a sync calls for. */
final class Evaluations {
  private Evaluations() {}

  static List<EvaluationRequest> due(
      PreparedRun run,
      Committed committed,
      Commit.Masks masks,
      Commit.Next next,
      boolean firstTime) {
    List<EvaluationRequest> due = new ArrayList<>();
    boolean validates =
        firstTime
            && !committed.recalibrated()
            && run.splits().validation().length > 0
            && isDue(run, committed.step());
    if (validates && masks == Commit.Masks.DELTA) {
      due.add(new EvaluationRequest(Set.VALIDATION, Phase.BEFORE_UPDATE));
      due.add(new EvaluationRequest(Set.VALIDATION, Phase.AFTER_UPDATE));
    } else if (validates) {
      due.add(new EvaluationRequest(Set.VALIDATION, Phase.REGULAR));
    }
    if (next == Commit.Next.FINISH) {
      due.add(new EvaluationRequest(Set.TEST, Phase.FINAL));
    }
    return due;
  }

  /** At step 0 too: a run that starts from weights of another shows what they were worth. */
  private static boolean isDue(PreparedRun run, long step) {
    return step == 0
        ? run.config().train().evaluateEvery().isPresent()
        : run.plan().evaluationDue(step);
  }
}
