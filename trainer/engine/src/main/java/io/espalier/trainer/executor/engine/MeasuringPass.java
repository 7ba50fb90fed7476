package io.espalier.trainer.executor.engine;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.observer.LayerInput;
import io.espalier.trainer.observer.LayerOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a batch is passed to measure.
 *
 * @param gradients whether a backward pass follows
 * @param inputs whether what reaches the layers of prunable weights is copied
 * @param outputs whether what these layers give is copied, after a backward pass with its gradient
 * @param nodes whose outputs are copied
 * @param units whose lengths of outputs backward passes follow in place of the loss, each of which
 *     ends where the unit begins
 * @param temperature what logits are divided by before the loss
 * @param shifts what is added to the prunable weights, one array each, empty where nothing is; an
 *     empty list if nothing is added to any
 */
record MeasuringPass(
    boolean gradients,
    boolean inputs,
    boolean outputs,
    Set<String> nodes,
    Set<ResidualUnit> units,
    double temperature,
    List<float[]> shifts) {
  static final MeasuringPass PLAIN = at(List.of());
  static final MeasuringPass GRADIENTS = ofGradients(1, List.of());

  /** Without gradients, and nothing copied. */
  static MeasuringPass at(List<float[]> shifts) {
    return new MeasuringPass(false, false, false, Set.of(), Set.of(), 1, shifts);
  }

  static MeasuringPass ofGradients(double temperature, List<float[]> shifts) {
    return new MeasuringPass(true, false, false, Set.of(), Set.of(), temperature, shifts);
  }

  /** With inputs and outputs, and gradients of the lengths of what units give. */
  static MeasuringPass ofUnits(Set<ResidualUnit> units) {
    return new MeasuringPass(false, true, true, Set.of(), units, 1, List.of());
  }

  boolean differentiates() {
    return gradients || !units.isEmpty();
  }

  /** Whether the gradient by what the layer of a weight gives is measured. */
  boolean differentiates(ParameterId weight) {
    return gradients || units.stream().anyMatch(unit -> unit.weights().contains(weight));
  }

  /** Copies of arrays of each layer, by its weight, and of each node, by its name. */
  record Copies(
      Map<ParameterId, LayerInput> inputs,
      Map<ParameterId, LayerOutput> outputs,
      Map<String, LayerInput> nodes) {}

  /** Takes a pass for its logits, {@code [size, classes]}. */
  interface Outputs {
    float[] of(Batch batch, MeasuringPass how);
  }

  /** Runs passes. */
  interface Runner {
    /** Calls {@code read} before gradients are cleared. */
    void run(Batch batch, MeasuringPass how, Consumer<Copies> read);

    /** A pass as {@code WeightPasses.Runner.flow} says. */
    void flow(Runnable read);

    /** A pass as {@code WeightPasses.Runner.relevance} says. */
    List<float[]> relevance(Batch batch);
  }
}
