package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.Optional;

/**
 * Numbers that replicas gather over batches with fixed weights, for each prunable parameter. Two
 * are the same if they are equal.
 */
public interface Statistic {
  /** The name of the observer that measures it. */
  String observer();

  /**
   * Returns the shapes of the arrays for a layer's weight: that of the weight unless it says
   * otherwise.
   *
   * @param groups parts of the layer that see different inputs; 1 except for grouped convolutions
   */
  default List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(weight.dimensions().stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * Returns the shapes of the arrays for a layer whose output is added to those of earlier ones.
   *
   * @param addends weights of these, in graph order
   */
  default List<int[]> shapes(ParameterShape weight, int groups, List<ParameterShape> addends) {
    return shapes(weight, groups);
  }

  /**
   * The auxiliary parameter of the mask kind whose committed values this is: then no observer
   * measures it. Empty of what is measured.
   */
  default Optional<String> auxiliary() {
    return Optional.empty();
  }

  /** Whether observers measure it on data; otherwise the committed state or the network has it. */
  default boolean isMeasured() {
    return auxiliary().isEmpty();
  }

  /** Whether it is part of the network, neither measured nor of the mask kind. */
  default boolean isOfNetwork() {
    return !isMeasured() && auxiliary().isEmpty();
  }

  /** The rule by which the arrays of several trainers become one. */
  Merge merge();

  /**
   * Whether it is one array of one value per weight; then only the requested weights' values
   * travel, and those of others are 0.
   */
  default boolean isPerWeight() {
    return false;
  }
}
