package io.espalier.trainer.replica;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Evaluates a replica's part of a set under the target masks. Confined to the replica's thread. */
final class Evaluator {
  private final PreparedRun run;
  private final int trainer;
  private final Inference inference;
  private final Supplier<Examples> heldOut;
  private long spentNs;

  /** {@code forward} gives logits {@code [size, classes]} under the target masks. */
  Evaluator(
      PreparedRun run,
      Objective objective,
      int trainer,
      Function<Batch, float[]> forward,
      Supplier<Examples> heldOut) {
    this.run = run;
    this.heldOut = heldOut;
    this.trainer = trainer;
    this.inference = new Inference(run.network(), objective, forward);
  }

  long spentNs() {
    return spentNs;
  }

  /** Evaluates; the final evaluation counts classes too. */
  EvaluationPart evaluate(EvaluationRequest request) {
    long start = System.nanoTime();
    EvaluationPart part = part(request);
    spentNs += System.nanoTime() - start;
    return part;
  }

  private EvaluationPart part(EvaluationRequest request) {
    int trainers = run.config().train().trainers();
    boolean ends = request.phase() == EvaluationRequest.Phase.FINAL;
    return switch (request.set()) {
      case VALIDATION ->
          inference.evaluate(run.dataset().train(), run.splits().validation(), trainer, trainers);
      case TEST -> whole(run.dataset().test(), ends);
      case HOLD_OUT -> whole(heldOut.get(), ends);
    };
  }

  private EvaluationPart whole(Examples examples, boolean byClass) {
    int[] all = IntStream.range(0, examples.count()).toArray();
    int trainers = run.config().train().trainers();
    return byClass
        ? inference.evaluateClasses(examples, all, trainer, trainers)
        : inference.evaluate(examples, all, trainer, trainers);
  }
}
