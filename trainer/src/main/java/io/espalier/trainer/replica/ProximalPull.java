package io.espalier.trainer.replica;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The proximal term of a client's loss, {@code μ/2 · ‖w − w₀‖²} with {@code w₀} the weights at the
 * round's start (FedProx, Li et al., "Federated optimization in heterogeneous networks", 2020).
 */
final class ProximalPull {
  private final float factor;
  private final List<float[]> start;

  private ProximalPull(float factor, List<float[]> start) {
    this.factor = factor;
    this.start = start;
  }

  /** A pull towards the present values; a factor of 0 costs nothing. */
  static ProximalPull of(double factor, ReplicaNetwork network) {
    List<float[]> start =
        factor == 0
            ? List.of()
            : network.parameters().stream()
                .filter(MaskedParameter::isTrained)
                .map(each -> copy(each.array(0)))
                .toList();
    return new ProximalPull((float) factor, start);
  }

  private static float[] copy(FloatBuffer values) {
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }

  /** Adds the term's gradient to those of the trained parameters, which are in network order. */
  List<ParameterArrays> onto(List<ParameterArrays> trained) {
    for (int p = 0; p < start.size(); p++) {
      FloatBuffer gradient = trained.get(p).gradient();
      FloatBuffer weight = trained.get(p).weight();
      float[] from = start.get(p);
      for (int unit = 0; unit < from.length; unit++) {
        gradient.put(unit, gradient.get(unit) + factor * (weight.get(unit) - from[unit]));
      }
    }
    return trained;
  }
}
