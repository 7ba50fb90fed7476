package io.espalier.trainer.network;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;

/**
 * One parameter of a network.
 *
 * @param fanIn inputs that one output sums over; for a bias those of its layer's weight; 1 for norm
 *     parameters
 * @param fanOut outputs that one input reaches, counted like {@code fanIn}; a grouped convolution
 *     reaches those of its group
 * @param usesPerExample multiply-accumulates per unit and example; 0 except for weights
 */
public record ParameterSpec(
    ParameterShape shape, Role role, int fanIn, int fanOut, long usesPerExample)
    implements PluginCall.Subject {
  public enum Role {
    WEIGHT,
    BIAS,
    NORM_SCALE,
    NORM_SHIFT,
    RUNNING_MEAN,
    RUNNING_VARIANCE,
    /** A parameter of a mask kind, beside a weight; networks have none. */
    AUXILIARY;

    /** True if gradients train it, false for statistics that the forward pass gathers. */
    public boolean isTrained() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
    }
  }

  public ParameterId id() {
    return shape.id();
  }

  @Override
  public String subject() {
    return id().name();
  }

  public long macs() {
    return usesPerExample * shape.size();
  }
}
