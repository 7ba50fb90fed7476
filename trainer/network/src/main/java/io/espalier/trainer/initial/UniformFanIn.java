package io.espalier.trainer.initial;

import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;

/**
 * Weights and biases uniform within ±gain / √fan-in, biases by the fan-in of their layer's weight:
 * the default of PyTorch's linear and convolutional layers.
 */
record UniformFanIn() implements GainedInitializer {
  @Override
  public String name() {
    return "uniform-fan-in";
  }

  @Override
  public Initializer create(double gain) {
    return new Bounded(gain);
  }

  private record Bounded(double gain) implements Initializer {
    @Override
    public void weight(ParameterSpec weight, SplittableRandom random, float[] values) {
      fill(weight, random, values);
    }

    @Override
    public void bias(ParameterSpec bias, SplittableRandom random, float[] values) {
      fill(bias, random, values);
    }

    private void fill(ParameterSpec parameter, SplittableRandom random, float[] values) {
      Draws.uniform(values, gain / StrictMath.sqrt(parameter.fanIn()), random);
    }
  }
}
