package io.espalier.trainer.sparse;

import com.sun.management.ThreadMXBean;
import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.network.Network;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * A process that takes steps of a network of the tests, {@code image} or {@code text}, and prints
 * the least bytes that twenty of them allocate. Vectors are objects until loops are compiled.
 */
final class AllocatedBytes {
  private static final int EXAMPLES = 32;
  private static final int STEPS = 20;

  private AllocatedBytes() {}

  public static void main(String[] arguments) {
    boolean isText = arguments[0].equals("text");
    System.out.println(least(isText ? SparseNetworkTest.text() : SparseNetworkTest.graph(), 1000));
  }

  /** The least of {@code rounds} times twenty steps and inferences. */
  static long least(Network graph, int rounds) {
    Example example = new Example(graph, 0.3, EXAMPLES, 1, 1);
    SparseOptimizer sgd = new SparseOptimizer(new OptimizerConfig.Sgd(0.9, 1e-3), Optional.empty());
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] logits = new float[example.network.outputs() * example.labels.length];
    long least = Long.MAX_VALUE;
    long step = 0;
    for (int round = 0; round < rounds && least > 0; round++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        example.network.gradients(example.inputs, example.labels, Example::loss);
        example.network.update(sgd, step++, 0.001);
        example.network.infer(example.inputs, EXAMPLES, logits);
      }
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
