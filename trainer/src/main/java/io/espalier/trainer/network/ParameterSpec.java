package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;

/**
 * Shape, role and costs of one parameter of a network.
 *
 * @param fanIn inputs that one output sums over; 1 for norm parameters
 * @param usesPerExample multiply-accumulates that one unit takes part in per example; 0 for
 *     everything but weights
 */
public record ParameterSpec(ParameterShape shape, Role role, int fanIn, long usesPerExample) {
  public enum Role {
    WEIGHT,
    BIAS,
    NORM_SCALE,
    NORM_SHIFT,
    RUNNING_MEAN,
    RUNNING_VARIANCE;

    /** True if gradients train it, false for statistics that the forward pass gathers. */
    public boolean isTrained() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
    }
  }

  public ParameterId id() {
    return shape.id();
  }

  /** Multiply-accumulates of the whole dense parameter per example. */
  public long macs() {
    return usesPerExample * shape.size();
  }
}
