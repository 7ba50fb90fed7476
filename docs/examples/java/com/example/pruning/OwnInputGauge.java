package com.example.pruning;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.gauge.Gauge;
import io.espalier.trainer.gauge.GaugeProvider;
import io.espalier.trainer.gauge.GaugedLayer;
import io.espalier.trainer.gauge.LayerActivations;
import java.util.List;

/** Measures the mean absolute value of each input of a layer. */
public final class OwnInputGauge implements GaugeProvider {
  @Override
  public String name() {
    return "mean-input";
  }

  @Override
  public boolean needsGradients() {
    return false;
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    int inputs = at.weight().size() / at.weight().dimensions().get(0);
    return new Means(new double[inputs]);
  }

  private static final class Means implements Gauge {
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
