package io.espalier.trainer.observer;

import io.espalier.masks.random.CounterRandom;
import io.espalier.masks.statistic.HessianDiagonal;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The diagonal of the Hessian by signs {@code v} drawn for all weights at once, mean of {@code v ·
 * (H v)}; two passes per draw (Hutchinson, "A stochastic estimator of the trace of the influence
 * matrix for Laplacian smoothing splines", 1989).
 */
record SignProbes(HessianDiagonal diagonal) implements WeightPasses {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x7369676eL;

  @Override
  public List<float[]> take(Runner runner) {
    List<float[]> means = new ArrayList<>();
    for (FloatBuffer weight : runner.weights()) {
      means.add(new float[weight.limit()]);
    }
    for (int probe = 0; probe < diagonal.probes(); probe++) {
      List<float[]> signs = signs(runner.weights(), probe);
      List<float[]> products = CurvatureStep.product(runner, 1, signs);
      for (int p = 0; p < means.size(); p++) {
        for (int unit = 0; unit < means.get(p).length; unit++) {
          means.get(p)[unit] += signs.get(p)[unit] * products.get(p)[unit] / diagonal.probes();
        }
      }
    }
    return means;
  }

  private List<float[]> signs(List<FloatBuffer> weights, int probe) {
    List<float[]> signs = new ArrayList<>();
    for (int p = 0; p < weights.size(); p++) {
      CounterRandom random = CounterRandom.of(diagonal.seed(), DOMAIN, probe, p);
      float[] each = new float[weights.get(p).limit()];
      for (int unit = 0; unit < each.length; unit++) {
        each[unit] = random.uniformFloat(unit) < .5f ? -1 : 1;
      }
      signs.add(each);
    }
    return signs;
  }
}
