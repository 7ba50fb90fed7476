package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.Curvature;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalDouble;

/** Means over batches of the Hessian times the gradient. */
final class CurvatureGauge implements GaugeProvider {
  @Override
  public String name() {
    return Curvature.GAUGE;
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
  public OptionalDouble curvatureTemperature(StatisticRequest request) {
    return OptionalDouble.of(((Curvature) request.statistic()).temperature());
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    return new Mean(new float[at.weight().size()], 1f / request.batches());
  }

  private static final class Mean implements Gauge {
    private final float[] sums;
    private final float share;

    Mean(float[] sums, float share) {
      this.sums = sums;
      this.share = share;
    }

    @Override
    public void see(LayerPass pass) {
      FloatBuffer curvature = pass.curvature();
      for (int unit = 0; unit < sums.length; unit++) {
        sums[unit] += curvature.get(unit) * share;
      }
    }

    @Override
    public List<float[]> result() {
      return List.of(sums);
    }
  }
}
