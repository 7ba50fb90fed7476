package io.espalier.trainer.step;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The proximal term of a client's loss, {@code μ/2 · ‖w − w₀‖²} with {@code w₀} the weights at the
 * round's start (FedProx, Li et al., "Federated optimization in heterogeneous networks", 2020).
 */
public final class ProximalPull implements StepRule {
  private final float factor;
  private final List<float[]> start;

  /**
   * A pull towards the present values.
   *
   * @param weights of all parameters of the network, in its order; the pull's own from here on
   */
  public ProximalPull(double factor, List<float[]> weights) {
    this.factor = (float) factor;
    this.start = List.copyOf(weights);
  }

  @Override
  public void afterBackward(Step step) {
    for (TrainedParameter parameter : step.parameters()) {
      FloatBuffer gradient = parameter.gradient();
      FloatBuffer weight = parameter.weight();
      float[] from = start.get(parameter.index());
      for (int unit = 0; unit < from.length; unit++) {
        gradient.put(unit, gradient.get(unit) + factor * (weight.get(unit) - from[unit]));
      }
    }
  }
}
