package io.espalier.trainer.replica;

import io.espalier.masks.score.StatisticRequest;
import io.espalier.masks.score.StatisticRequest.Statistic;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Measures gradient statistics under the target masks; the replica stays unchanged. */
final class GradientProbe {
  private final List<MaskedParameter> prunable;

  interface Pass {
    /** Computes the gradients of the batch after {@code step} steps, reads and clears them. */
    void run(long step, Runnable read);
  }

  GradientProbe(List<MaskedParameter> prunable) {
    this.prunable = prunable;
  }

  /** Returns for each request one array per prunable parameter with one value per unit. */
  List<List<float[]>> measure(List<StatisticRequest> requests, long step, Pass pass) {
    List<List<float[]>> sums = new ArrayList<>();
    requests.forEach(
        request ->
            sums.add(prunable.stream().map(each -> new float[each.entry().size()]).toList()));
    int batches = requests.stream().mapToInt(StatisticRequest::batches).max().orElse(0);
    for (int batch = 0; batch < batches; batch++) {
      int done = batch;
      pass.run(step + batch, () -> add(requests, done, sums));
    }
    return sums;
  }

  private void add(List<StatisticRequest> requests, int batch, List<List<float[]>> sums) {
    for (int d = 0; d < requests.size(); d++) {
      if (batch < requests.get(d).batches()) {
        add(requests.get(d), sums.get(d));
      }
    }
  }

  private void add(StatisticRequest request, List<float[]> sums) {
    float share = 1f / request.batches();
    for (int p = 0; p < prunable.size(); p++) {
      add(
          request.statistic(),
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
