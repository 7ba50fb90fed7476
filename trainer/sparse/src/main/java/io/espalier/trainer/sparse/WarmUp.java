package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.sparse.SparseGraph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets Java compile the loops of networks while a run reads its data. Java interprets a loop for
 * some thousand rounds first, and interprets calls of the Vector API about a thousand times as
 * slowly: else the first steps of a run take about a second.
 */
public final class WarmUp {
  private static final int INPUTS = 64;
  private static final int HIDDEN = 16;

  /** Eight of the widest vectors, which loops take at a time where there are as many. */
  private static final int EXAMPLES = 128;

  private static final double DENSITY = 0.25;

  /** After as many, small loops are compiled, so that those of a network soon are. */
  private static final int PASSES = 2_000;

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private WarmUp() {}

  /** Starts a thread, once in a process, that ends by itself after about half a second. */
  public static void begin() {
    if (!BEGUN.getAndSet(true)) {
      Thread thread = new Thread(WarmUp::run, "espalier-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void run() {
    SparseNetwork network = network();
    BatchInputs inputs = new Zeros(new float[EXAMPLES * INPUTS]);
    int[] labels = new int[EXAMPLES];
    for (int pass = 0; pass < PASSES; pass++) {
      double unused = network.gradients(inputs, labels, WarmUp::slope);
    }
  }

  private static SparseNetwork network() {
    SparseGraph graph =
        new SparseGraph(
            SparseShape.vector(INPUTS),
            List.of(
                new Node("fc1", new SparseLayer.Linear(HIDDEN, true), SparseGraph.INPUT),
                new Node("relu", new SparseLayer.Activation(SparseLayer.Function.RELU), "fc1"),
                new Node("fc2", new SparseLayer.Linear(HIDDEN, true), "relu")));
    SplittableRandom random = new SplittableRandom(1);
    return SparseNetwork.training(
        graph,
        Map.of(
            new ParameterId("fc1.weight"), mask(HIDDEN * INPUTS, random),
            new ParameterId("fc2.weight"), mask(HIDDEN * HIDDEN, random)),
        EXAMPLES,
        1);
  }

  private static Mask mask(int size, SplittableRandom random) {
    return Mask.of(size, unit -> random.nextDouble() < DENSITY);
  }

  /** Bytes of 0. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Zeros(float[] rows) implements BatchInputs, ByteScaling {
    @Override
    public Optional<ByteScaling> bytes(byte[] target, int stride) {
      return Optional.of(this);
    }

    @Override
    public int groups() {
      return 1;
    }

    @Override
    public float shift(int group) {
      return 0;
    }

    @Override
    public float scale(int group) {
      return 1;
    }
  }

  /** Any slope: what is computed has no use. */
  private static double slope(float[] logits, int[] labels, int classes, float[] gradient) {
    Arrays.fill(gradient, 1f);
    return 0;
  }
}
