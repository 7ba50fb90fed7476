package io.espalier.trainer.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * A trainer's answer to a commit.
 *
 * @param digest of the replica's state after applying it
 * @param evaluations one part for each request of the commit, in order
 */
public record AppliedCommit(long step, String digest, List<EvaluationPart> evaluations) {
  public AppliedCommit {
    evaluations = List.copyOf(evaluations);
  }

  /** Merges the evaluations request by request; {@code answers} in trainer order. */
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
