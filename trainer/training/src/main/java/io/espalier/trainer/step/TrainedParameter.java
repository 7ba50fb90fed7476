package io.espalier.trainer.step;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Live values of one parameter, row-major, to be read and written by index.
 *
 * @param shape with the parameter's name; axes shrink when channels are cut
 * @param index among all parameters of the network
 * @param gradient of the mean loss; dense, also where a mask prunes
 * @param kept target mask; empty if the parameter is not prunable. Pruned weights of a hard mask
 *     are set to 0 again after a rule has written to them
 */
public record TrainedParameter(
    ParameterShape shape,
    Role role,
    int index,
    FloatBuffer weight,
    FloatBuffer gradient,
    Optional<Mask> kept) {
  /** Returns a copy of the weights. */
  public float[] weights() {
    float[] copy = new float[weight.limit()];
    weight.get(0, copy);
    return copy;
  }

  /** Whether no mask prunes the unit. */
  public boolean isAlive(int unit) {
    return kept.map(mask -> mask.isKept(unit)).orElse(true);
  }

  /** Adds to the gradient of one unit, in double precision before it is rounded. */
  public void addSlope(int unit, double slope) {
    gradient.put(unit, (float) (gradient.get(unit) + slope));
  }
}
