package io.espalier.trainer.initial;

import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Weights with mean 0 and {@code gain²} times a variance that keeps signals at one scale from layer
 * to layer, biases 0. He: 2 / fan-in, for ReLU ("Delving Deep into Rectifiers: Surpassing
 * Human-Level Performance on ImageNet Classification", He, Zhang, Ren and Sun, 2015). Xavier: 2 /
 * (fan-in + fan-out) ("Understanding the difficulty of training deep feedforward neural networks",
 * Glorot and Bengio, 2010). LeCun: 1 / fan-in ("Efficient BackProp", LeCun, Bottou, Orr and Müller,
 * 1998).
 *
 * @param variance at gain 1
 */
record VarianceScaling(
    String name, Distribution distribution, ToDoubleFunction<ParameterSpec> variance)
    implements GainedInitializer {
  /** Sets values of mean 0 and a standard deviation. */
  @FunctionalInterface
  interface Distribution {
    void fill(float[] values, double deviation, SplittableRandom random);
  }

  static VarianceScaling normal(String name, ToDoubleFunction<ParameterSpec> variance) {
    return new VarianceScaling(name, Draws::normal, variance);
  }

  static VarianceScaling uniform(String name, ToDoubleFunction<ParameterSpec> variance) {
    return new VarianceScaling(
        name,
        (values, deviation, random) ->
            Draws.uniform(values, StrictMath.sqrt(3) * deviation, random),
        variance);
  }

  @Override
  public Initializer create(double gain) {
    return (weight, random, values) ->
        distribution.fill(values, gain * StrictMath.sqrt(variance.applyAsDouble(weight)), random);
  }
}
