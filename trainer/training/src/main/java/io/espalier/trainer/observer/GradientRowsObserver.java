package io.espalier.trainer.observer;

import io.espalier.masks.statistic.GradientRows;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/** Gathers gradients of single examples, or their means, as rows. */
final class GradientRowsObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return GradientRows.OBSERVER;
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
    return new Rows((GradientRows) request.statistic(), at.weight().size());
  }

  private static final class Rows implements StatisticObserver {
    private final int perBatch;
    private final int weights;
    private final float[] values;
    private int first;

    Rows(GradientRows statistic, int weights) {
      this.perBatch = statistic.rows();
      this.weights = weights;
      this.values = new float[Math.multiplyExact(statistic.batches() * statistic.rows(), weights)];
    }

    @Override
    public void see(LayerActivations pass) {
      int examples = pass.examples();
      int[] visits = {0};
      ExampleGradients.visit(
          pass,
          ExampleGradients.ofOwnLosses(pass.outputGradient(), examples),
          (from, gradient) -> {
            // Group by group, each with all examples in order.
            int row = visits[0]++ % examples % perBatch;
            int alike = (examples - row + perBatch - 1) / perBatch;
            int at = (first + row) * weights + from;
            for (int i = 0; i < gradient.length; i++) {
              values[at + i] += (float) (gradient[i] / alike);
            }
          });
      first += perBatch;
    }

    @Override
    public List<float[]> result() {
      return List.of(values);
    }
  }
}
