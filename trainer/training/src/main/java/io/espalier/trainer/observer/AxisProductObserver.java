package io.espalier.trainer.observer;

import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.AxisProducts;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;

/** Sums of weights times gradients along both axes of a layer, batch by batch. */
final class AxisProductObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return new AxisProducts(1).observer();
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new Sums(request.batches(), at.weight());
  }

  private static final class Sums implements StatisticObserver {
    private final int outputs;
    private final int inputs;
    private final List<float[]> sums;
    private int batch;

    Sums(int batches, ParameterShape weight) {
      outputs = weight.dimensions().get(0);
      inputs = weight.dimensions().get(1);
      sums =
          List.of(
              new float[batches * outputs],
              new float[batches * inputs],
              new float[batches * outputs]);
    }

    @Override
    public void see(LayerActivations pass) {
      double[] byOutput = new double[outputs];
      double[] byInput = new double[inputs];
      double[] beside = new double[outputs];
      FloatBuffer weight = pass.weight();
      FloatBuffer gradient = pass.gradient();
      int kernel = weight.limit() / (outputs * inputs);
      for (int unit = 0; unit < weight.limit(); unit++) {
        double product = (double) weight.get(unit) * gradient.get(unit);
        byOutput[unit / (kernel * inputs)] += product;
        byInput[unit / kernel % inputs] += product;
      }
      for (LayerActivations.Trained each : pass.beside()) {
        for (int output = 0; output < outputs; output++) {
          beside[output] += (double) each.values().get(output) * each.gradient().get(output);
        }
      }
      put(byOutput, 0);
      put(byInput, 1);
      put(beside, AxisProducts.BESIDE);
      batch++;
    }

    private void put(double[] values, int array) {
      for (int i = 0; i < values.length; i++) {
        sums.get(array)[batch * values.length + i] = (float) values[i];
      }
    }

    @Override
    public List<float[]> result() {
      return sums;
    }
  }
}
