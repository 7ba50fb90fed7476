package io.espalier.trainer.offline;

import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.stored.FixedNetwork;
import io.espalier.trainer.stored.FixedNetworks;
import io.espalier.trainer.sync.Committed;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * How far the outputs of layers with prunable weights are from those of the network before: {@code
 * Σ (y′ − y)² / Σ y²} over examples, where each network computes its own inputs of the layer. Norms
 * compute with their running statistics.
 */
final class OutputErrors implements AutoCloseable {
  /** Examples of a pass, whose outputs of all layers are held. */
  private static final int EXAMPLES = 32;

  private final ResourceStack opened;
  private final FixedNetwork before;
  private final FixedNetwork after;
  private final Map<String, ParameterId> weights;
  private final Map<String, double[]> sums = new HashMap<>();

  private OutputErrors(ResourceStack opened, Committed before, Committed after) {
    this.opened = opened;
    this.before = fixed(before);
    opened.add(this.before::close);
    this.after = fixed(after);
    opened.add(this.after::close);
    this.weights = weights(before);
    weights.keySet().forEach(node -> sums.put(node, new double[2]));
  }

  /**
   * Errors by the weights of the layers; none of a layer whose outputs were all 0 or are not
   * finite.
   */
  static Map<ParameterId, Double> of(
      Committed before, Committed after, LongFunction<Batch> batches, int count) {
    try (OutputErrors errors =
        ResourceStack.open(opened -> new OutputErrors(opened, before, after))) {
      for (int batch = 0; batch < count; batch++) {
        errors.add(batches.apply(batch));
      }
      return errors.relative();
    }
  }

  private static FixedNetwork fixed(Committed state) {
    Map<ParameterId, float[]> values = new HashMap<>();
    List<StateLayout.Entry> entries = state.run().stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      values.put(entries.get(i).id(), state.state().values(i, 0));
    }
    return FixedNetworks.onEngine()
        .open(state.run().network(), id -> Objects.requireNonNull(values.get(id)));
  }

  /** Prunable weights by the nodes of their layers. */
  private static Map<String, ParameterId> weights(Committed state) {
    Network network = state.run().network();
    Map<String, ParameterId> weights = new LinkedHashMap<>();
    for (GraphNode node : network.nodes()) {
      for (ParameterSpec spec : network.parametersOf(node)) {
        if (state.run().prunableIds().contains(spec.id())) {
          weights.put(node.name(), spec.id());
        }
      }
    }
    return weights;
  }

  private void add(Batch batch) {
    for (int from = 0; from < batch.size(); from += EXAMPLES) {
      Batch part = batch.part(from, EXAMPLES);
      add(part.inputs(), part.size());
    }
  }

  private void add(float[] inputs, int count) {
    List<String> nodes = List.copyOf(weights.keySet());
    Map<String, float[]> outputs = new HashMap<>();
    before.outputs(inputs, count, nodes, outputs::put);
    after.outputs(
        inputs,
        count,
        nodes,
        (node, output) -> {
          double[] sum = Objects.requireNonNull(sums.get(node));
          float[] wanted = Objects.requireNonNull(outputs.get(node));
          for (int i = 0; i < output.length; i++) {
            double error = (double) output[i] - wanted[i];
            sum[0] += error * error;
            sum[1] += (double) wanted[i] * wanted[i];
          }
        });
  }

  private Map<ParameterId, Double> relative() {
    Map<ParameterId, Double> errors = new LinkedHashMap<>();
    weights.forEach(
        (node, weight) -> {
          double[] sum = Objects.requireNonNull(sums.get(node));
          if (sum[1] > 0 && Double.isFinite(sum[0] / sum[1])) {
            errors.put(weight, sum[0] / sum[1]);
          }
        });
    return errors;
  }

  @Override
  public void close() {
    opened.close();
  }
}
