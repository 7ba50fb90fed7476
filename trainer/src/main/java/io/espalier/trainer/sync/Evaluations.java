package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationRequest.Phase;
import io.espalier.trainer.sync.EvaluationRequest.Set;
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
            && run.plan().evaluationDue(committed.step());
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
}
