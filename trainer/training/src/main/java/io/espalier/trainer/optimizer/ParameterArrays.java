package io.espalier.trainer.optimizer;

import io.espalier.masks.kind.AuxiliaryParameter.Training;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Live views of one parameter for a step, accessed by index only.
 *
 * @param gradient set to 0 by the step, since the engine adds to it
 * @param gradientMask factors of the gradient; empty if all of it counts
 * @param forwardMask factors of the weight in the forward pass; empty if all of it was seen
 * @param training of an auxiliary parameter; empty for a parameter of the network
 */
public record ParameterArrays(
    FloatBuffer weight,
    List<FloatBuffer> moments,
    FloatBuffer gradient,
    Optional<FloatBuffer> gradientMask,
    Optional<FloatBuffer> forwardMask,
    boolean decays,
    Optional<Training> training) {
  public ParameterArrays {
    moments = List.copyOf(moments);
    int size = weight.limit();
    boolean same =
        Stream.of(
                moments.stream(), Stream.of(gradient), gradientMask.stream(), forwardMask.stream())
            .flatMap(views -> views)
            .allMatch(view -> view.limit() == size);
    if (!same) {
      throw new IllegalArgumentException("all views must be of the weight's size: size=" + size);
    }
  }

  /** A parameter of the network. */
  public ParameterArrays(
      FloatBuffer weight,
      List<FloatBuffer> moments,
      FloatBuffer gradient,
      Optional<FloatBuffer> gradientMask,
      Optional<FloatBuffer> forwardMask,
      boolean decays) {
    this(weight, moments, gradient, gradientMask, forwardMask, decays, Optional.empty());
  }

  /** An auxiliary parameter. */
  public static ParameterArrays auxiliary(
      FloatBuffer values, List<FloatBuffer> moments, FloatBuffer gradient, Training training) {
    return new ParameterArrays(
        values,
        moments,
        gradient,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(training));
  }

  public int size() {
    return weight.limit();
  }

  public void clearGradient() {
    for (int unit = 0; unit < size(); unit++) {
      gradient.put(unit, 0f);
    }
  }
}
