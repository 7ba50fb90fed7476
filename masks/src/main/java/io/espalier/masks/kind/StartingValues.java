package io.espalier.masks.kind;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.ParameterShape;
import java.util.Arrays;

/** The values that an {@link AuxiliaryParameter} starts with. Deterministic. */
@FunctionalInterface
public interface StartingValues {
  /**
   * Writes the values beside one weight.
   *
   * @param shape of the weight
   * @param weights initial weights, row-major; must not be changed
   * @param values to be written
   */
  @PluginCall("write initial values")
  void write(ParameterShape shape, float[] weights, float[] values);

  /** One value everywhere. */
  static StartingValues of(float value) {
    return (shape, weights, values) -> Arrays.fill(values, value);
  }

  /** Magnitudes of the weights, as shares of the largest of the layer: from 0 to 1. */
  static StartingValues ofMagnitudes() {
    return (shape, weights, values) -> {
      float largest = 0;
      for (float weight : weights) {
        largest = Math.max(largest, Math.abs(weight));
      }
      for (int unit = 0; unit < values.length; unit++) {
        values[unit] = largest > 0 ? Math.abs(weights[unit]) / largest : 0;
      }
    };
  }
}
