package io.espalier.trainer.observer;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.OutputDistortion;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Squares by which outputs change without a layer's smallest weights: means over batches, or the
 * largest mean of an example.
 */
final class DistortionObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return OutputDistortion.OBSERVER;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    OutputDistortion statistic = (OutputDistortion) request.statistic();
    return new Amounts(new float[statistic.amounts()], statistic.worst(), 1.0 / request.batches());
  }

  private static final class Amounts implements StatisticObserver {
    private final float[] found;
    private final boolean worst;
    private final double share;

    Amounts(float[] found, boolean worst, double share) {
      this.found = found;
      this.worst = worst;
      this.share = share;
    }

    @Override
    public void see(LayerActivations pass) {
      // Everything that it measures is in the probes.
    }

    @Override
    public List<Probe> probes() {
      return IntStream.range(0, found.length).<Probe>mapToObj(Amount::new).toList();
    }

    @Override
    public List<float[]> result() {
      return List.of(found);
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
        int gone = (int) Counts.within((place + 1.0) / found.length, weights.length);
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
        found[place] += (float) (square(logits, changed, 0, logits.length) / logits.length * share);
      }

      @Override
      public void see(float[] logits, float[] changed, int[] labels) {
        if (!worst) {
          see(logits, changed);
          return;
        }
        int classes = logits.length / labels.length;
        for (int from = 0; from < logits.length; from += classes) {
          double mean = square(logits, changed, from, from + classes) / classes;
          found[place] = Math.max(found[place], (float) mean);
        }
      }

      private static double square(float[] logits, float[] changed, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
          double difference = (double) logits[i] - changed[i];
          sum += difference * difference;
        }
        return sum;
      }
    }
  }
}
