package io.espalier.trainer.initial;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;

/**
 * Draws the weights and biases that a network starts with. Each parameter has a random stream of
 * its own, so that its values depend on no other's. Thread-safe.
 */
@FunctionalInterface
public interface Initializer {
  /** Sets all values, row-major; they are 0 before. */
  @PluginCall(value = "draw {0}", prepares = true)
  void weight(ParameterSpec weight, SplittableRandom random, float[] values);

  /** Sets the biases, which are 0 before and by default stay so. */
  @PluginCall(value = "draw {0}", prepares = true)
  default void bias(ParameterSpec bias, SplittableRandom random, float[] values) {}
}
