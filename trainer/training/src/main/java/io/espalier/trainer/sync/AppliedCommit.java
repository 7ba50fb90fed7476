package io.espalier.trainer.sync;

import java.util.ArrayList;
import java.util.List;

/** A trainer's answer to a commit: the digest of its state and the requested evaluations. */
public record AppliedCommit(long step, String digest, List<EvaluationPart> evaluations) {
  public AppliedCommit {
    evaluations = List.copyOf(evaluations);
  }

  public static List<EvaluationPart> merge(List<AppliedCommit> answers) {
    List<EvaluationPart> merged = new ArrayList<>();
    for (int i = 0; i < answers.get(0).evaluations.size(); i++) {
      int request = i;
      merged.add(
          EvaluationPart.merge(
              answers.stream().map(answer -> answer.evaluations.get(request)).toList()));
    }
    return merged;
  }
}
