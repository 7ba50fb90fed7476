package io.espalier.trainer.observer;

import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.ExampleGradient.Of;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * Terms of the gradient of each example's own loss, or of the length of what a layer or a block
 * gives for it, in sum or in mean over examples.
 */
record ExampleGradientObserver(ExampleGradient statistic) implements StatisticObserverProvider {
  @Override
  public String name() {
    return statistic.observer();
  }

  @Override
  public boolean needsGradients() {
    return statistic.of() == Of.LOSS;
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
  public boolean needsBlockGradients() {
    return statistic.of() == Of.BLOCK;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new Terms(statistic, new double[at.weight().size()]);
  }

  private static final class Terms implements StatisticObserver {
    private final ExampleGradient statistic;
    private final double[] sums;
    private long examples;

    Terms(ExampleGradient statistic, double[] sums) {
      this.statistic = statistic;
      this.sums = sums;
    }

    @Override
    public void see(LayerActivations pass) {
      ExampleGradients.visit(
          pass,
          slopes(pass),
          (from, gradient) -> {
            for (int i = 0; i < gradient.length; i++) {
              sums[from + i] += statistic.term(gradient[i]);
            }
          });
      examples += pass.examples();
    }

    private float[] slopes(LayerActivations pass) {
      if (statistic.of() == Of.LOSS) {
        return ExampleGradients.ofOwnLosses(pass.outputGradient(), pass.examples());
      }
      return statistic.of() == Of.BLOCK && pass.layer().residual().isPresent()
          ? pass.outputGradient()
          : ExampleGradients.directions(pass.outputs(), pass.examples());
    }

    @Override
    public List<float[]> result() {
      double divisor = statistic.isSum() ? 1 : examples;
      float[] result = new float[sums.length];
      for (int unit = 0; unit < result.length; unit++) {
        result[unit] = (float) (sums[unit] / divisor);
      }
      return List.of(result);
    }
  }
}
