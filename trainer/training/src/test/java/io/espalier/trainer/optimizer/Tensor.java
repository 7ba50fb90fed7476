package io.espalier.trainer.optimizer;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One parameter in plain arrays, dense and of rank 2 unless told otherwise. */
record Tensor(
    FloatBuffer weight,
    List<FloatBuffer> moments,
    FloatBuffer gradient,
    Optional<FloatBuffer> gradientMask,
    Optional<FloatBuffer> forwardMask,
    boolean decays) {

  static Tensor of(Optimizer optimizer, float... weight) {
    return new Tensor(
        FloatBuffer.wrap(weight),
        Stream.generate(() -> FloatBuffer.allocate(weight.length))
            .limit(optimizer.moments())
            .toList(),
        FloatBuffer.allocate(weight.length),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  Tensor masked(float... mask) {
    return new Tensor(
        weight, moments, gradient, Optional.of(FloatBuffer.wrap(mask)), forwardMask, decays);
  }

  Tensor seenThrough(float... mask) {
    return new Tensor(
        weight, moments, gradient, gradientMask, Optional.of(FloatBuffer.wrap(mask)), decays);
  }

  Tensor ofRankOne() {
    return new Tensor(weight, moments, gradient, gradientMask, forwardMask, false);
  }

  /** This tensor with what a backward pass leaves. */
  ParameterArrays with(float... values) {
    gradient.put(0, values);
    return new ParameterArrays(weight, moments, gradient, gradientMask, forwardMask, decays);
  }

  float[] weights() {
    return weight.array();
  }

  float[] moment(int index) {
    return moments.get(index).array();
  }
}
