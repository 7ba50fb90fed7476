package io.espalier.trainer.replica;

import io.espalier.masks.Mask;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Everything that a replica of a {@link Toy} holds, before and after each step and sync. */
record Trace(PreparedRun run, List<Step> steps, List<Sync> syncs) {
  /**
   * Weights {@code [3, 4]} and biases {@code [3]} with their moments, and the scores of a mask kind
   * that has some; copied.
   */
  static final class Held {
    final float[] weight;
    final float[] weightMoment;
    final float[] weightSecondMoment;
    final float[] bias;
    final float[] biasMoment;
    final float[] scores;
    final float[] scoresMoment;

    private Held(StateAccess state, PreparedRun run) {
      boolean hasMoments = run.stateLayout().entries().get(0).slots() > 1;
      weight = copy(state.array(0, 0));
      weightMoment = hasMoments ? copy(state.array(0, 1)) : new float[0];
      boolean hasTwo = run.stateLayout().entries().get(0).slots() > 2;
      weightSecondMoment = hasTwo ? copy(state.array(0, 2)) : new float[0];
      bias = copy(state.array(1, 0));
      biasMoment = hasMoments ? copy(state.array(1, 1)) : new float[0];
      boolean hasScores = run.stateLayout().entries().size() > 2;
      scores = hasScores ? copy(state.array(2, 0)) : new float[0];
      boolean trainsScores = hasScores && run.stateLayout().entries().get(2).slots() > 1;
      scoresMoment = trainsScores ? copy(state.array(2, 1)) : new float[0];
    }

    private static float[] copy(FloatBuffer values) {
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  /** One training step; {@code step} were completed before it. */
  record Step(long step, MaskState masks, Held before, Held after, StepOutcome outcome) {
    Mask mask() {
      return masks.masks().masks().get(0);
    }
  }

  /** One commit; {@code before} is what the replica had trained to. */
  record Sync(
      long step,
      MaskState masks,
      Held before,
      Held after,
      List<EvaluationRequest> requests,
      List<EvaluationPart> results) {
    Mask mask() {
      return masks.masks().masks().get(0);
    }
  }

  static Trace of(PreparedRun run) {
    Trace trace = new Trace(run, new ArrayList<>(), new ArrayList<>());
    Committer committer = Committer.start(run);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      trace.apply(outcome, committer, replica);
      while (outcome.commit().next() != Commit.Next.FINISH) {
        long until = run.plan().nextSync(replica.completedSteps());
        while (replica.completedSteps() < until) {
          trace.step(outcome.committed().masks(), replica);
        }
        outcome = committer.sync(List.of(replica.packedState()));
        trace.apply(outcome, committer, replica);
      }
    }
    return trace;
  }

  private void step(MaskState masks, Replica replica) {
    Held before = new Held(replica.state(), run);
    long step = replica.completedSteps();
    StepOutcome outcome = replica.step();
    steps.add(new Step(step, masks, before, new Held(replica.state(), run), outcome));
  }

  private void apply(SyncOutcome outcome, Committer committer, Replica replica) {
    Held before = new Held(replica.state(), run);
    AppliedCommit answer = replica.apply(outcome.commit(), outcome.payload());
    committer.verify(0, answer);
    syncs.add(
        new Sync(
            outcome.commit().step(),
            outcome.committed().masks(),
            before,
            new Held(replica.state(), run),
            outcome.commit().evaluations(),
            answer.evaluations()));
  }
}
