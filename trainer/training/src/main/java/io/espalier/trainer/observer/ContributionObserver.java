package io.espalier.trainer.observer;

import io.espalier.masks.statistic.Contributions;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;

/** Mean shares of what an output sums up, over examples and places. */
final class ContributionObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return Contributions.OBSERVER;
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new Shares(at, new double[at.weight().size()]);
  }

  private static final class Shares implements StatisticObserver {
    private final int groups;
    private final int features;
    private final double[] sums;
    private long rows;

    Shares(ObservedLayer at, double[] sums) {
      this.groups = at.groups();
      this.features = InputStatistic.features(at.weight());
      this.sums = sums;
    }

    @Override
    public void see(LayerActivations pass) {
      int perGroup = sums.length / groups;
      for (int group = 0; group < groups; group++) {
        int from = group * perGroup;
        boolean counts = group == 0;
        pass.forEachRow(
            group,
            row -> {
              for (int at = from; at < from + perGroup; at += features) {
                add(row, pass.weight(), bias(pass, at / features), at);
              }
              rows += counts ? 1 : 0;
            });
      }
    }

    private static float bias(LayerActivations pass, int output) {
      return pass.bias().map(values -> values.get(output)).orElse(0f);
    }

    private void add(float[] row, FloatBuffer weight, float bias, int from) {
      double all = Math.abs(bias);
      for (int i = 0; i < features; i++) {
        all += Math.abs((double) weight.get(from + i) * row[i]);
      }
      for (int i = 0; all > 0 && i < features; i++) {
        sums[from + i] += Math.abs((double) weight.get(from + i) * row[i]) / all;
      }
    }

    @Override
    public List<float[]> result() {
      return List.of(Means.of(sums, rows));
    }
  }
}
