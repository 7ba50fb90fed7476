package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.network.ResidualUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The backward passes of units of a network, each of which ends where its unit begins: what a unit
 * reads and what it gives goes on without its past. To be shown all nodes of a forward pass.
 */
final class UnitGradients {
  private final List<ResidualUnit> units;
  private final Set<String> ends;
  private final Map<String, NDArray> seen = new HashMap<>();

  UnitGradients(Collection<ResidualUnit> units) {
    this.units = List.copyOf(units);
    this.ends =
        units.stream()
            .flatMap(unit -> Stream.of(unit.from(), unit.to()))
            .collect(Collectors.toSet());
  }

  /** Returns the array that later layers read in place of a node's output. */
  NDArray seen(String node, NDArray output) {
    if (!ends.contains(node)) {
      return output;
    }
    seen.put(node, output);
    return JniUtils.detachGradient((PtNDArray) output);
  }

  /**
   * Takes the backward passes; gradients of the rest of the network stay 0. Gradients are off
   * afterwards.
   *
   * @param slope that a unit's backward pass starts with, by what the unit gave
   */
  void backward(BiFunction<ResidualUnit, NDArray, NDArray> slope) {
    JniUtils.setGradMode(false);
    for (ResidualUnit unit : units) {
      NDArray output = Objects.requireNonNull(seen.get(unit.to()));
      backward(output, slope.apply(unit, output));
    }
  }

  private static void backward(NDArray output, NDArray slope) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) slope, false, false);
  }
}
