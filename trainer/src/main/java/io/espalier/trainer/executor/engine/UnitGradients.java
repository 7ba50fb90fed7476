package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.network.ResidualUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The backward passes of units of a network, each of which ends where its unit begins: what a unit
 * reads and what it gives goes on without its past. To be shown all nodes of a forward pass.
 */
final class UnitGradients {
  private final List<ResidualUnit> units;
  private final Set<String> starts;
  private final List<NDArray> before = new ArrayList<>();
  private final Map<String, NDArray> given = new HashMap<>();

  UnitGradients(Collection<ResidualUnit> units) {
    this.units = List.copyOf(units);
    this.starts = units.stream().map(ResidualUnit::from).collect(Collectors.toSet());
  }

  /** What later layers read in place of what a node gave. */
  NDArray seen(String node, NDArray output) {
    boolean ends = units.stream().anyMatch(unit -> unit.to().equals(node));
    if (!ends && !starts.contains(node)) {
      return output;
    }
    if (ends) {
      given.put(node, output);
    } else {
      before.add(output);
    }
    return JniUtils.detachGradient((PtNDArray) output);
  }

  /**
   * Takes the backward passes, and none for the rest of the network, whose gradients are 0.
   * Gradients are off afterwards.
   *
   * @param slope that a unit's backward pass starts with, by what the unit gave
   */
  void backward(NDArray logits, BiFunction<ResidualUnit, NDArray, NDArray> slope) {
    JniUtils.setGradMode(false);
    for (ResidualUnit unit : units) {
      NDArray output = Objects.requireNonNull(given.get(unit.to()));
      backward(output, slope.apply(unit, output));
    }
    before.add(logits);
    before.stream()
        .filter(NDArray::hasGradient)
        .forEach(output -> backward(output, output.zerosLike()));
  }

  private static void backward(NDArray output, NDArray slope) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) slope, false, false);
  }
}
