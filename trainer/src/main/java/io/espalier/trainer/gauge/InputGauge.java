package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.InputPowers;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.function.Function;

/** Means over all rows of what a weight multiplies. */
record InputGauge(String name, Function<StatisticRequest, Term> ofRequest)
    implements GaugeProvider {
  InputGauge(InputStatistic statistic, Term term) {
    this(statistic.gauge(), request -> term);
  }

  interface Term {
    /** Adds a row to the sums of its group, which begin at {@code from}. */
    void add(float[] row, double[] sums, int from);
  }

  static void addValues(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      sums[from + i] += row[i];
    }
  }

  static void addSquares(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      sums[from + i] += (double) row[i] * row[i];
    }
  }

  /** Mean of a power of each feature's absolute value. */
  static InputGauge powers() {
    return new InputGauge(
        InputPowers.GAUGE,
        request -> {
          int power = ((InputPowers) request.statistic()).power();
          return (row, sums, from) -> {
            for (int i = 0; i < row.length; i++) {
              sums[from + i] += Math.pow(Math.abs(row[i]), power);
            }
          };
        });
  }

  static void addProducts(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      double factor = row[i];
      int at = from + i * row.length;
      for (int j = 0; factor != 0 && j < row.length; j++) {
        sums[at + j] += factor * row[j];
      }
    }
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
    int size = 1;
    for (int length : request.statistic().shapes(at.weight(), at.groups()).get(0)) {
      size = Math.multiplyExact(size, length);
    }
    return new Mean(ofRequest.apply(request), at.groups(), new double[size]);
  }

  private static final class Mean implements Gauge {
    private final Term term;
    private final int groups;
    private final double[] sums;
    private long rows;

    Mean(Term term, int groups, double[] sums) {
      this.term = term;
      this.groups = groups;
      this.sums = sums;
    }

    @Override
    public void see(LayerPass pass) {
      for (int group = 0; group < groups; group++) {
        int from = group * (sums.length / groups);
        boolean counts = group == 0;
        pass.forEachRow(
            group,
            row -> {
              term.add(row, sums, from);
              rows += counts ? 1 : 0;
            });
      }
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
