package io.espalier.trainer.observer;

import io.espalier.masks.statistic.InputMoments;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * Means and variances of the features that a weight multiplies, over all rows (Welford, "Note on a
 * method for calculating corrected sums of squares and products", 1962).
 */
final class MomentObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return InputMoments.POPULATION.observer();
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    int[] shape = InputMoments.POPULATION.shapes(at.weight(), at.groups()).get(0);
    return new Moments(at.groups(), shape[1] * shape[2]);
  }

  private static final class Moments implements StatisticObserver {
    private final double[] means;
    private final double[] squares;
    private final long[] rows;

    Moments(int groups, int features) {
      means = new double[features];
      squares = new double[features];
      rows = new long[groups];
    }

    @Override
    public void see(LayerActivations pass) {
      int perGroup = means.length / rows.length;
      for (int group = 0; group < rows.length; group++) {
        int each = group;
        pass.forEachRow(
            group,
            row -> {
              rows[each]++;
              for (int i = 0, at = each * perGroup; i < perGroup; i++, at++) {
                double before = row[i] - means[at];
                means[at] += before / rows[each];
                squares[at] += before * (row[i] - means[at]);
              }
            });
      }
    }

    @Override
    public List<float[]> result() {
      float[] moments = new float[2 * means.length];
      for (int i = 0; i < means.length; i++) {
        moments[i] = (float) means[i];
        moments[means.length + i] = (float) (squares[i] / rows[0]);
      }
      return List.of(moments);
    }
  }
}
