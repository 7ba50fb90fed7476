package io.espalier.trainer.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.stored.FrozenNetwork;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Passes of a stored network on the engine, with norm statistics as they are, over values that can
 * be changed between them. Confined to one thread.
 */
final class NetworkPasses implements AutoCloseable {
  private static final CrossEntropy LOSS = new CrossEntropy(0);

  private final NDManager manager;
  private final FrozenNetwork network;
  private final int classes;

  /** Sees what a layer gives, {@code [batch, channels, …]}, row-major. */
  @FunctionalInterface
  interface OutputReader {
    void see(String node, float[] output);
  }

  NetworkPasses(Network network, Function<ParameterId, float[]> values) {
    classes = network.outputs();
    manager = TensorEngine.newManager();
    JniUtils.setGradMode(false);
    try {
      this.network = new FrozenNetwork(network, manager, values);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** A live view of a parameter: the next passes see what is written. */
  FloatBuffer values(ParameterId id) {
    return view(array(id));
  }

  /** Logits {@code [size, classes]}, row-major. */
  float[] logits(Batch batch) {
    JniUtils.setGradMode(false);
    return network.logits(batch.inputs(), batch.size());
  }

  /** Shows what the named layers give. */
  void outputs(Batch batch, List<String> nodes, OutputReader reader) {
    JniUtils.setGradMode(false);
    NetworkBlock block = network.block();
    block.tapNodes(
        Optional.of(
            (node, output) -> {
              if (nodes.contains(node)) {
                reader.see(node, output.toFloatArray());
              }
              return output;
            }));
    try {
      network.logits(batch.inputs(), batch.size());
    } finally {
      block.tapNodes(Optional.empty());
    }
  }

  /** Adds the gradients of the sum of the examples' cross-entropies, in nats, to {@code sums}. */
  void addGradients(Batch batch, List<ParameterId> parameters, List<double[]> sums) {
    JniUtils.setGradMode(true);
    try {
      network.pass(
          batch.inputs(),
          batch.size(),
          logits -> {
            JniUtils.setGradMode(false);
            JniUtils.backward((PtNDArray) logits, slope(logits, batch), false, false);
            for (int p = 0; p < sums.size(); p++) {
              add(view(array(parameters.get(p)).getGradient()), batch.size(), sums.get(p));
            }
            clearGradients();
            return sums;
          });
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** Of the mean over the batch. */
  private PtNDArray slope(NDArray logits, Batch batch) {
    float[] gradient = new float[batch.labels().length * classes];
    LOSS.gradient(logits.toFloatArray(), batch.labels(), classes, batch::inputs, gradient);
    return (PtNDArray) manager.create(gradient, logits.getShape());
  }

  private static void add(FloatBuffer gradient, int examples, double[] sum) {
    for (int unit = 0; unit < sum.length; unit++) {
      sum[unit] += (double) gradient.get(unit) * examples;
    }
  }

  private void clearGradients() {
    network.block().network().parameters().stream()
        .filter(spec -> spec.role().isTrained())
        .forEach(spec -> JniUtils.zeroGrad((PtNDArray) array(spec.id())));
  }

  private NDArray array(ParameterId id) {
    return network.block().parameter(id).getArray();
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }

  @Override
  public void close() {
    manager.close();
  }
}
