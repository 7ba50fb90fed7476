package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.WeightStatistic;
import java.nio.FloatBuffer;
import java.util.List;

/** Means over batches of a term of each weight and its gradient. */
record WeightGauge(WeightStatistic statistic, Term term) implements GaugeProvider {
  interface Term {
    float of(float weight, float gradient);
  }

  @Override
  public String name() {
    return statistic.gauge();
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public boolean needsInputs() {
    return false;
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    return new Mean(term, new float[at.weight().size()], 1f / request.batches());
  }

  private static final class Mean implements Gauge {
    private final Term term;
    private final float[] sums;
    private final float share;

    Mean(Term term, float[] sums, float share) {
      this.term = term;
      this.sums = sums;
      this.share = share;
    }

    @Override
    public void see(LayerPass pass) {
      FloatBuffer weight = pass.weight();
      FloatBuffer gradient = pass.gradient();
      for (int unit = 0; unit < sums.length; unit++) {
        sums[unit] += term.of(weight.get(unit), gradient.get(unit)) * share;
      }
    }

    @Override
    public List<float[]> result() {
      return List.of(sums);
    }
  }
}
