package io.espalier.trainer.run;

import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A run without actors, in the calling thread, with the bits of one with actors. Not thread-safe.
 */
public final class TrainingLoop {
  private static final Duration WAIT = Duration.ofMillis(200);

  private final PreparedRun run;
  private final Committer committer;
  private final LoopListener listener;
  private final IntFunction<Replica> replicas;

  private TrainingLoop(
      PreparedRun run, Committer committer, LoopListener listener, IntFunction<Replica> replicas) {
    this.run = run;
    this.committer = committer;
    this.listener = listener;
    this.replicas = replicas;
  }

  public static FinishedRun run(PreparedRun run, LoopListener listener) {
    return new TrainingLoop(run, Committer.start(run), listener, k -> Replica.of(run, k))
        .toTheEnd();
  }

  /** A run whose replicas begin with executors of the given kind. */
  public static FinishedRun run(PreparedRun run, LoopListener listener, ExecutorFactory executors) {
    IntFunction<Replica> replicas = k -> Replica.of(run, k, () -> {}, executors);
    return new TrainingLoop(run, Committer.start(run), listener, replicas).toTheEnd();
  }

  /** Resumes from a checkpoint, to the same bits as an uninterrupted run. */
  public static FinishedRun resume(
      PreparedRun run, Committed committed, Traffic traffic, LoopListener listener) {
    return resume(run, committed, traffic, ValidationRecord.NONE, listener);
  }

  /** Resumes a run that keeps its best state or may end early. */
  public static FinishedRun resume(
      PreparedRun run,
      Committed committed,
      Traffic traffic,
      ValidationRecord validation,
      LoopListener listener) {
    Committer committer = Committer.resume(run, committed, traffic, validation);
    return new TrainingLoop(run, committer, listener, k -> Replica.of(run, k)).toTheEnd();
  }

  private FinishedRun toTheEnd() {
    List<Replica> opened = new ArrayList<>();
    try {
      for (int k = 0; k < run.config().train().trainers(); k++) {
        opened.add(replicas.apply(k));
      }
      SyncOutcome outcome = committer.open();
      List<EvaluationPart> evaluations = apply(outcome, opened);
      while (outcome.commit().next() != Commit.Next.FINISH) {
        outcome = committer.sync(states(outcome.commit().next(), opened));
        evaluations = apply(outcome, opened);
      }
      EvaluationPart test = evaluations.get(evaluations.size() - 1);
      return new FinishedRun(
          committer.committed(), test, committer.traffic(), committer.validation());
    } finally {
      opened.forEach(Replica::close);
    }
  }

  private List<EvaluationPart> apply(SyncOutcome outcome, List<Replica> replicas) {
    listener.synced(outcome);
    List<AppliedCommit> answers = new ArrayList<>();
    for (int k = 0; k < replicas.size(); k++) {
      AppliedCommit answer = replicas.get(k).apply(outcome.commit(), outcome.payload());
      committer.verify(k, answer);
      answers.add(answer);
    }
    List<EvaluationPart> merged = AppliedCommit.merge(answers);
    for (int i = 0; i < merged.size(); i++) {
      EvaluationRequest request = outcome.commit().evaluations().get(i);
      listener.evaluated(outcome.commit().step(), request, merged.get(i));
    }
    committer
        .evaluated(outcome.commit(), merged)
        .ifPresent(score -> listener.improved(committer.finishedState(), score));
    listener.committed(outcome, committer.traffic(), committer.validation());
    return merged;
  }

  private List<ByteBuffer> states(Commit.Next next, List<Replica> replicas) {
    List<ByteBuffer> states = new ArrayList<>();
    for (int k = 0; k < replicas.size(); k++) {
      Replica replica = replicas.get(k);
      switch (next) {
        case RECALIBRATE -> replica.recalibrate();
        case MEASURE -> replica.measure();
        default -> trainToSync(replica, k);
      }
      states.add(replica.packedState());
    }
    return states;
  }

  private void trainToSync(Replica replica, int trainer) {
    long until = run.plan().nextSync(replica.completedSteps());
    while (replica.completedSteps() < until) {
      while (!replica.awaitExamples(WAIT)) {
        listener.waited(trainer);
      }
      StepOutcome outcome = replica.step();
      listener.stepped(trainer, outcome);
    }
  }
}
