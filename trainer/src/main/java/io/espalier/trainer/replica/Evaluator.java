package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.run.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import java.util.stream.IntStream;

/** Evaluates a replica's part of a set under the target masks. Confined to the replica's thread. */
final class Evaluator {
  private static final int BATCH = 500;

  private final PreparedRun run;
  private final int trainer;
  private final ReplicaNetwork network;
  private final ReplicaMasks masks;
  private final NDManager manager;
  private final Batches batches;

  Evaluator(
      PreparedRun run, int trainer, ReplicaNetwork network, ReplicaMasks masks, NDManager manager) {
    this.run = run;
    this.trainer = trainer;
    this.network = network;
    this.masks = masks;
    this.manager = manager;
    this.batches = new Batches(run.dataset().input(), BATCH);
  }

  EvaluationPart evaluate(EvaluationRequest.Set set) {
    return switch (set) {
      case VALIDATION -> evaluate(run.dataset().train(), run.splits().validation());
      case TEST ->
          evaluate(
              run.dataset().test(), IntStream.range(0, run.dataset().test().count()).toArray());
    };
  }

  private EvaluationPart evaluate(Examples examples, int[] indices) {
    int trainers = run.config().train().trainers();
    int from = Math.toIntExact((long) indices.length * trainer / trainers);
    int to = Math.toIntExact((long) indices.length * (trainer + 1) / trainers);
    long correct = 0;
    double lossSum = 0;
    int classes = run.dataset().classes();
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      float[] logits = logits(examples, indices, start, count);
      for (int row = 0; row < count; row++) {
        int label = batches.label(row);
        correct += CrossEntropy.argmax(logits, row, classes) == label ? 1 : 0;
        lossSum += CrossEntropy.loss(logits, row, classes, label);
      }
    }
    return new EvaluationPart(correct, to - from, lossSum);
  }

  private float[] logits(Examples examples, int[] indices, int from, int count) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(examples, indices, from, count, manager);
      return network
          .evaluate(input, each -> each.forEvaluation(masks.evaluationMask(each)))
          .toFloatArray();
    }
  }
}
