package io.espalier.trainer.analysis;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.stored.FixedNetwork;
import io.espalier.trainer.stored.FixedNetworks;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * Passes of a stored network over batches, with norm statistics as they are, over values that can
 * be changed between them. Confined to one thread.
 */
final class NetworkPasses implements AutoCloseable {
  private static final CrossEntropy LOSS = new CrossEntropy(0);

  private final FixedNetwork network;

  NetworkPasses(Network network, Function<ParameterId, float[]> values) {
    this.network = FixedNetworks.onEngine().open(network, values);
  }

  /** A live view of a parameter: the next passes see what is written. */
  FloatBuffer values(ParameterId id) {
    return network.values(id);
  }

  /** Logits {@code [size, classes]}, row-major. */
  float[] logits(Batch batch) {
    return network.logits(batch.inputs(), batch.size());
  }

  /** Shows what the named layers give. */
  void outputs(Batch batch, List<String> nodes, FixedNetwork.OutputReader reader) {
    network.outputs(batch.inputs(), batch.size(), nodes, reader);
  }

  /** Adds the gradients of the sum of the examples' cross-entropies, in nats, to {@code sums}. */
  void addGradients(Batch batch, List<ParameterId> parameters, List<double[]> sums) {
    network.gradients(
        batch.inputs(),
        batch.size(),
        logits -> slope(logits, batch),
        parameters,
        (parameter, gradient) -> add(gradient, batch.size(), sums.get(parameter)));
  }

  /** Returns the slope of the mean over the batch. */
  private float[] slope(float[] logits, Batch batch) {
    int classes = network.network().outputs();
    float[] gradient = new float[batch.labels().length * classes];
    LOSS.gradient(logits, batch.labels(), classes, batch::inputs, gradient);
    return gradient;
  }

  private static void add(FloatBuffer gradient, int examples, double[] sum) {
    for (int unit = 0; unit < sum.length; unit++) {
      sum[unit] += (double) gradient.get(unit) * examples;
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
