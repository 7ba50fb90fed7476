package io.espalier.trainer.observer;

import io.espalier.masks.statistic.OutputGradientProducts;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/** Mean products of gradients by outputs, over examples and places. */
final class OutputProductObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return OutputGradientProducts.OBSERVER;
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public boolean needsOutputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new Products(at.weight().dimensions().get(0));
  }

  private static final class Products implements StatisticObserver {
    private final int outputs;
    private final double[] sums;
    private long rows;

    Products(int outputs) {
      this.outputs = outputs;
      this.sums = new double[outputs * outputs];
    }

    @Override
    public void see(LayerActivations pass) {
      float[] slopes = ExampleGradients.ofOwnLosses(pass.outputGradient(), pass.examples());
      int places = slopes.length / (pass.examples() * outputs);
      for (int example = 0; example < pass.examples(); example++) {
        for (int place = 0; place < places; place++) {
          add(slopes, example * outputs * places + place, places);
          rows++;
        }
      }
    }

    private void add(float[] slopes, int from, int stride) {
      for (int i = 0; i < outputs; i++) {
        double factor = slopes[from + i * stride];
        for (int j = 0; factor != 0 && j < outputs; j++) {
          sums[i * outputs + j] += factor * slopes[from + j * stride];
        }
      }
    }

    @Override
    public List<float[]> result() {
      return List.of(Means.of(sums, rows));
    }
  }
}
