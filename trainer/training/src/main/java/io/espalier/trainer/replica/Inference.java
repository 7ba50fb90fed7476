package io.espalier.trainer.replica;

import static java.util.Collections.nCopies;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Evaluates batch by batch, reproducibly. Confined to one thread. */
public final class Inference {
  /** Rows of logits that are computed at once, unless one example has more. */
  public static final int BATCH = 500;

  /** Classes of a network beyond which their confusion is not counted. */
  public static final int MOST_CONFUSED = 100;

  private final int classes;
  private final Objective objective;
  private final Function<Batch, float[]> forward;
  private final int most;
  private final Batch batch;

  /** {@code forward} gives logits {@code [size, classes]}, row-major. */
  public Inference(Network network, Objective objective, Function<Batch, float[]> forward) {
    this.classes = network.outputs();
    this.objective = objective;
    this.forward = forward;
    this.most = Math.max(1, BATCH / network.positions());
    this.batch = new Batch(network.input(), most);
  }

  public EvaluationPart evaluate(Examples examples, int[] indices, int part, int parts) {
    return evaluate(examples, indices, part, parts, List.of());
  }

  /** Evaluates with the confusion of classes, if there are at most {@link #MOST_CONFUSED}. */
  public EvaluationPart evaluateClasses(Examples examples, int[] indices, int part, int parts) {
    int cells = classes <= MOST_CONFUSED ? classes * classes : 0;
    return evaluate(examples, indices, part, parts, new ArrayList<>(nCopies(cells, 0L)));
  }

  /** Counts into {@code confusion}, unless it is empty. */
  private EvaluationPart evaluate(
      Examples examples, int[] indices, int part, int parts, List<Long> confusion) {
    int from = Math.toIntExact((long) indices.length * part / parts);
    int to = Math.toIntExact((long) indices.length * (part + 1) / parts);
    long correct = 0;
    double lossSum = 0;
    for (int start = from; start < to; start += most) {
      int count = Math.min(most, to - start);
      float[] logits = logits(examples, indices, start, count);
      for (int row = 0; row < batch.rows(); row++) {
        int label = batch.label(row);
        int answer = objective.answer(logits, row, classes);
        correct += answer == label ? 1 : 0;
        if (!confusion.isEmpty()) {
          int cell = label * classes + answer;
          confusion.set(cell, confusion.get(cell) + 1);
        }
        lossSum += objective.loss(logits, row, classes, label);
      }
    }
    long rows = (long) (to - from) * examples.positions();
    return new EvaluationPart(correct, rows, lossSum, confusion);
  }

  /**
   * Logits {@code [examples · positions, classes]}, row-major, of at most {@link #BATCH} rows, or
   * of one example.
   */
  public float[] logits(Examples examples) {
    if (examples.count() > most) {
      throw new IllegalArgumentException(
          "a batch must have at most %d examples: examples=%d".formatted(most, examples.count()));
    }
    return logits(examples, IntStream.range(0, examples.count()).toArray(), 0, examples.count());
  }

  private float[] logits(Examples examples, int[] indices, int from, int count) {
    return forward.apply(batch.fill(examples, indices, from, count));
  }
}
