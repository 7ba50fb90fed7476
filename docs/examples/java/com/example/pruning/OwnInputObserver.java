package com.example.pruning;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.observer.LayerActivations;
import io.espalier.trainer.observer.ObservedLayer;
import io.espalier.trainer.observer.StatisticObserver;
import io.espalier.trainer.observer.StatisticObserverProvider;
import java.util.List;

/** Measures the mean absolute value of each input of a layer. */
public final class OwnInputObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return "mean-input";
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    int inputs = at.weight().size() / at.weight().dimensions().get(0);
    return new Means(new double[inputs]);
  }

  private static final class Means implements StatisticObserver {
    private final double[] sums;
    private long rows;

    Means(double[] sums) {
      this.sums = sums;
    }

    @Override
    public void see(LayerActivations pass) {
      pass.forEachRow(
          0,
          row -> {
            rows++;
            for (int i = 0; i < sums.length; i++) {
              sums[i] += Math.abs(row[i]);
            }
          });
    }

    @Override
    public List<float[]> result() {
      float[] means = new float[sums.length];
      for (int i = 0; i < means.length; i++) {
        means[i] = (float) (sums[i] / rows);
      }
      return List.of(means);
    }
  }
}
