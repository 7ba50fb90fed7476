package io.espalier.masks.kind;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Decides at a mask update which weights stay, in place of score, allocation and selection. How
 * many they are is an outcome; what the plan counts is a target. Deterministic.
 */
@FunctionalInterface
public interface LearnedSelection {
  /** Returns the weights that stay, all of them candidates. */
  @PluginCall("choose weights")
  Mask keep(ChosenWeight weight);

  /**
   * One prunable weight at a mask update; read-only, accessed by index.
   *
   * @param values averaged over all replicas, row-major
   * @param auxiliary averaged values in the order of {@link MaskKind#state}
   * @param candidates the weights that may stay
   * @param sparsity target of the update over all prunable weights
   */
  record ChosenWeight(
      ParameterShape shape,
      FloatBuffer values,
      List<FloatBuffer> auxiliary,
      Mask candidates,
      double sparsity) {
    public ChosenWeight {
      auxiliary = List.copyOf(auxiliary);
    }
  }
}
