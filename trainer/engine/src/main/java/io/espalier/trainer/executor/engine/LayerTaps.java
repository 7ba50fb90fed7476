package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.observer.LayerInput;
import io.espalier.trainer.observer.LayerOutput;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
  private final UnitGradients units;

  LayerTaps(EngineNetwork network, NDManager manager, MeasuringPass how) {
    this.network = network;
    this.manager = manager;
    this.how = how;
    this.tapped =
        network.prunable().stream().map(each -> each.entry().id()).collect(Collectors.toSet());
    this.units = new UnitGradients(how.units());
    if (how.inputs()) {
      network.tapInputs(Optional.of(this::input));
    }
    if (how.outputs()) {
      network.tapOutputs(Optional.of(this::output));
    }
    if (!how.nodes().isEmpty() || !how.units().isEmpty()) {
      network.tapNodes(Optional.of(this::node));
    }
  }

  private NDArray node(String name, NDArray output) {
    if (how.nodes().contains(name)) {
      nodes.put(name, copy(output));
    }
    return units.seen(name, output);
  }

  /**
   * Takes the backward passes of units, from the length of what each gives for each example, and
   * none for the rest of the network, whose gradients are 0. Gradients are off afterwards.
   */
  void backward() {
    if (!how.units().isEmpty()) {
      units.backward((unit, output) -> directions(output));
    }
  }

  /** The outputs of each example divided by their length; 0 where all are 0. */
  private static NDArray directions(NDArray outputs) {
    int[] axes = IntStream.range(1, outputs.getShape().dimension()).toArray();
    NDArray lengths = outputs.square().sum(axes, true).sqrt();
    return outputs.div(lengths.maximum(ConstantOperand.beside(lengths, Float.MIN_NORMAL)));
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
    if (!how.differentiates(weight)) {
      return output;
    }
    NDArray added = manager.zeros(output.getShape());
    added.setRequiresGradient(true);
    zeros.put(weight, added);
    return output.add(added);
  }

  /** Returns the copies that the pass left; to be called before its scope ends. */
  MeasuringPass.Copies copies() {
    Map<ParameterId, LayerOutput> seen = new HashMap<>();
    for (ParameterId weight : outputs.keySet()) {
      seen.put(
          weight,
          new LayerOutput(
              Objects.requireNonNull(outputs.get(weight)),
              Optional.ofNullable(zeros.get(weight))
                  .map(each -> each.getGradient().toFloatArray())));
    }
    return new MeasuringPass.Copies(inputs, seen, nodes);
  }

  @Override
  public void close() {
    network.tapInputs(Optional.empty());
    network.tapOutputs(Optional.empty());
    network.tapNodes(Optional.empty());
  }
}
