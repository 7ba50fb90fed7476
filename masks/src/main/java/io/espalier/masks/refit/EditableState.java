package io.espalier.masks.refit;

import io.espalier.masks.ParameterId;
import java.util.List;
import java.util.Optional;

/** The averaged values of a network at a mask update, before units that it prunes are set to 0. */
public interface EditableState {
  /**
   * Returns the values of a parameter, row-major; what is written there is committed. Those of a
   * frozen parameter are a copy.
   */
  float[] values(ParameterId id);

  /** The bias of a weight's layer; empty if it has none. */
  Optional<ParameterId> bias(ParameterId weight);

  /** The running statistics of a batch norm, one value per output of the layer before it. */
  record Norm(ParameterId mean, ParameterId variance) {}

  /** The batch norm that alone reads what a weight's layer gives; empty if there is none. */
  default Optional<Norm> norm(ParameterId weight) {
    return Optional.empty();
  }

  /**
   * Weights of the earlier layers whose outputs are added to those of a weight's layer, in graph
   * order, as its {@link io.espalier.masks.statistic.AddendProducts}.
   */
  default List<ParameterId> addends(ParameterId weight) {
    return List.of();
  }

  /**
   * The factors by which the outputs of an addend's layer are multiplied before they are added,
   * such as the scale of a batch norm over its deviation; also of the layer that {@link #addends}
   * are added to.
   */
  default double[] factors(ParameterId addend) {
    throw new IllegalArgumentException(
        "a weight must be of a layer whose output is added to others: weight=" + addend);
  }

  /** Whether the recipe keeps the parameter as it is. */
  boolean isFrozen(ParameterId id);
}
