package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.gauge.LayerInput;
import io.espalier.trainer.gauge.LayerOutput;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies what reaches and what leaves the layers of prunable weights, and what nodes give, in one
 * pass. The gradient of an output is that of zeros that are added to it.
 */
final class LayerTaps implements AutoCloseable {
  private final EngineNetwork network;
  private final NDManager manager;
  private final MeasuringPass how;
  private final Set<ParameterId> tapped;
  private final Map<ParameterId, LayerInput> inputs = new HashMap<>();
  private final Map<ParameterId, float[]> outputs = new HashMap<>();
  private final Map<String, LayerInput> nodes = new HashMap<>();
  private final Map<ParameterId, NDArray> zeros = new HashMap<>();

  LayerTaps(EngineNetwork network, NDManager manager, MeasuringPass how) {
    this.network = network;
    this.manager = manager;
    this.how = how;
    this.tapped =
        network.prunable().stream().map(each -> each.entry().id()).collect(Collectors.toSet());
    if (how.inputs()) {
      network.tapInputs(Optional.of(this::input));
    }
    if (how.outputs()) {
      network.tapOutputs(Optional.of(this::output));
    }
    if (!how.nodes().isEmpty()) {
      network.tapNodes(Optional.of(this::node));
    }
  }

  private void node(String name, NDArray output) {
    if (how.nodes().contains(name)) {
      nodes.put(name, copy(output));
    }
  }

  private void input(ParameterId weight, NDArray input) {
    if (tapped.contains(weight)) {
      inputs.put(weight, copy(input));
    }
  }

  private static LayerInput copy(NDArray values) {
    Shape shape = values.getShape();
    int rank = shape.dimension();
    return new LayerInput(
        values.toFloatArray(),
        Math.toIntExact(shape.get(1)),
        rank == 4 ? Math.toIntExact(shape.get(2)) : 1,
        rank > 2 ? Math.toIntExact(shape.get(rank - 1)) : 1);
  }

  private NDArray output(ParameterId weight, NDArray output) {
    if (!tapped.contains(weight)) {
      return output;
    }
    outputs.put(weight, output.toFloatArray());
    if (!how.gradients()) {
      return output;
    }
    NDArray added = manager.zeros(output.getShape());
    added.setRequiresGradient(true);
    zeros.put(weight, added);
    return output.add(added);
  }

  /** What the pass left; to be called before its scope ends. */
  MeasuringPass.Copies copies() {
    Map<ParameterId, LayerOutput> given = new HashMap<>();
    for (ParameterId weight : outputs.keySet()) {
      given.put(
          weight,
          new LayerOutput(
              Objects.requireNonNull(outputs.get(weight)),
              Optional.ofNullable(zeros.get(weight))
                  .map(each -> each.getGradient().toFloatArray())));
    }
    return new MeasuringPass.Copies(inputs, given, nodes);
  }

  @Override
  public void close() {
    network.tapInputs(Optional.empty());
    network.tapOutputs(Optional.empty());
    network.tapNodes(Optional.empty());
  }
}
