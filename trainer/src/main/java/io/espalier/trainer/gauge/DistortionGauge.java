package io.espalier.trainer.gauge;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.OutputDistortion;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Means over batches of the squares by which outputs change without a layer's smallest weights. */
final class DistortionGauge implements GaugeProvider {
  @Override
  public String name() {
    return OutputDistortion.GAUGE;
  }

  @Override
  public boolean needsGradients() {
    return false;
  }

  @Override
  public boolean needsInputs() {
    return false;
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    int amounts = ((OutputDistortion) request.statistic()).amounts();
    return new Amounts(new float[amounts], 1.0 / request.batches());
  }

  private static final class Amounts implements Gauge {
    private final float[] means;
    private final double share;

    Amounts(float[] means, double share) {
      this.means = means;
      this.share = share;
    }

    @Override
    public void see(LayerPass pass) {
      // Everything that it measures is in the probes.
    }

    @Override
    public List<Probe> probes() {
      return IntStream.range(0, means.length).<Probe>mapToObj(Amount::new).toList();
    }

    @Override
    public List<float[]> result() {
      return List.of(means);
    }

    private final class Amount implements Probe {
      private final int place;

      Amount(int place) {
        this.place = place;
      }

      @Override
      public float[] shift(FloatBuffer weight) {
        float[] weights = new float[weight.limit()];
        weight.get(0, weights);
        int gone = (int) Counts.within((place + 1.0) / means.length, weights.length);
        Mask all = Mask.allKept(weights.length);
        Mask kept =
            Ranking.ofMagnitudes(List.of(weights), List.of(all))
                .top(List.of(weights.length - gone))
                .get(0);
        float[] shift = new float[weights.length];
        all.andNot(kept).forEachKept(unit -> shift[unit] = -weights[unit]);
        return shift;
      }

      @Override
      public void see(float[] logits, float[] changed) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
          double difference = (double) logits[i] - changed[i];
          sum += difference * difference;
        }
        means[place] += (float) (sum / logits.length * share);
      }
    }
  }
}
