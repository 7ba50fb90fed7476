package io.espalier.trainer.replica;

import io.espalier.masks.score.StatisticRequest;
import io.espalier.masks.score.StatisticRequest.Statistic;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what a mask update needs to know of the units' gradients, under the target masks and
 * with everything held fixed: weights, moments and norm statistics are the same afterwards.
 *
 * <p>Confined to the replica's thread.
 */
final class GradientProbe {
  private final List<MaskedParameter> prunable;

  /** Runs a pass over a batch. */
  interface Pass {
    /**
     * Leaves the gradients of one batch on the parameters, reads them, and clears them.
     *
     * @param step the batch is the one after so many completed steps
     * @param read called while the pass's gradients are on the parameters
     */
    void run(long step, Runnable read);
  }

  /** A probe of the parameters with masks, in order. */
  GradientProbe(List<MaskedParameter> prunable) {
    this.prunable = prunable;
  }

  /** For each demand one array per prunable parameter with one value per unit. */
  List<List<float[]>> measure(List<StatisticRequest> demands, long step, Pass pass) {
    List<List<float[]>> sums = new ArrayList<>();
    demands.forEach(
        demand -> sums.add(prunable.stream().map(each -> new float[each.entry().size()]).toList()));
    int batches = demands.stream().mapToInt(StatisticRequest::batches).max().orElse(0);
    for (int batch = 0; batch < batches; batch++) {
      int done = batch;
      pass.run(step + batch, () -> add(demands, done, sums));
    }
    return sums;
  }

  private void add(List<StatisticRequest> demands, int batch, List<List<float[]>> sums) {
    for (int d = 0; d < demands.size(); d++) {
      if (batch < demands.get(d).batches()) {
        add(demands.get(d), sums.get(d));
      }
    }
  }

  private void add(StatisticRequest demand, List<float[]> sums) {
    float share = 1f / demand.batches();
    for (int p = 0; p < prunable.size(); p++) {
      add(
          demand.statistic(),
          prunable.get(p).array(0),
          prunable.get(p).gradient(),
          share,
          sums.get(p));
    }
  }

  private static void add(
      Statistic statistic, FloatBuffer weight, FloatBuffer gradient, float share, float[] sums) {
    switch (statistic) {
      case GRADIENT -> {
        for (int unit = 0; unit < sums.length; unit++) {
          sums[unit] += gradient.get(unit) * share;
        }
      }
      case TAYLOR -> {
        for (int unit = 0; unit < sums.length; unit++) {
          sums[unit] += Math.abs(weight.get(unit) * gradient.get(unit)) * share;
        }
      }
    }
  }
}
