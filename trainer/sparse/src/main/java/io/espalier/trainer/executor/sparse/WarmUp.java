package io.espalier.trainer.executor.sparse;

import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sparse.SparseOptimizer;
import io.espalier.trainer.update.Optimizers;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Lets Java compile the loops of a step while a run reads its data: those of a dense layer and of
 * one with kept weights. Java interprets a loop for some thousand rounds first, and interprets
 * calls of the Vector API about a thousand times as slowly: else the first steps of a run take more
 * than a second.
 */
final class WarmUp {
  /** As many as tiles of dense layers need at least. */
  private static final int INPUTS = 128;

  /** Dense, and as many outputs as the widest loops of dense layers take. */
  private static final int HIDDEN = 96;

  private static final int CLASSES = 16;

  /** Eight of the widest vectors, which loops take at a time where there are as many. */
  private static final int EXAMPLES = 128;

  private static final double DENSITY = 0.25;
  private static final double RATE = 1e-3;

  /** After as many, small loops are compiled, so that those of a network soon are. */
  private static final int PASSES = 2_000;

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private final SparseNetwork network;
  private final SparseOptimizer optimizer;
  private final Examples examples;

  private WarmUp(TrainConfig train) {
    SplittableRandom random = new SplittableRandom(1);
    network =
        SparseNetwork.training(
            Network.of(
                new ImageShape(1, 1, INPUTS),
                List.of(
                    new GraphNode("flatten", new Flatten(), List.of(Network.INPUT)),
                    new GraphNode("fc1", new Linear(HIDDEN, true), List.of("flatten")),
                    new GraphNode("relu", new Activation(Activation.Function.RELU), List.of("fc1")),
                    new GraphNode("fc2", new Linear(CLASSES, true), List.of("relu")))),
            Map.of(new ParameterId("fc2.weight"), mask(CLASSES * HIDDEN, random)),
            EXAMPLES,
            SparseOptimizer.moments(builtIn(train.step().optimizer())));
    optimizer = new SparseOptimizer(builtIn(train.step().optimizer()), train.step().clipNorm());
    byte[] values = new byte[EXAMPLES * INPUTS];
    random.nextBytes(values);
    examples =
        Examples.ofBytes(values, random.ints(EXAMPLES, 0, CLASSES).toArray())
            .normalisedBy(new Normalization(List.of(128.0), List.of(74.0)));
  }

  /** A user's code runs for the run alone. */
  private static OptimizerConfig builtIn(OptimizerConfig optimizer) {
    return Optimizers.isBuiltIn(optimizer) ? optimizer : new OptimizerConfig.Sgd(0.9, false, 0);
  }

  /** Starts a thread, once in a process, that ends by itself after about half a second. */
  static void begin(TrainConfig train) {
    if (!BEGUN.getAndSet(true)) {
      Thread thread = new Thread(() -> new WarmUp(train).run(), "espalier-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    CrossEntropy objective = new CrossEntropy(0);
    int[] indices = IntStream.range(0, EXAMPLES).toArray();
    Batch batch = new Batch(new ImageShape(INPUTS, 1, 1), EXAMPLES);
    for (int pass = 0; pass < PASSES; pass++) {
      batch.fill(examples, indices, 0, EXAMPLES);
      double unused =
          network.gradients(
              batch.sparseInputs(),
              batch.labels(),
              (logits, labels, classes, gradient) ->
                  objective.gradient(logits, labels, classes, batch::inputs, gradient));
      network.update(optimizer, pass, RATE);
    }
  }

  private static Mask mask(int size, SplittableRandom random) {
    return Mask.of(size, unit -> random.nextDouble() < DENSITY);
  }
}
