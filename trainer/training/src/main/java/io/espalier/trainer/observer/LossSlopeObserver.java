package io.espalier.trainer.observer;

import io.espalier.masks.random.CounterRandom;
import io.espalier.masks.statistic.LossSlope;
import io.espalier.masks.statistic.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Squares of central differences of the cross-entropy along signs that are drawn for a layer's
 * weights (Malladi et al., "Fine-tuning language models with just forward passes", 2023, with signs
 * for normal draws).
 */
final class LossSlopeObserver implements StatisticObserverProvider {
  private static final float STEP = 1e-3f;

  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x736c6f70L;

  @Override
  public String name() {
    return LossSlope.OBSERVER;
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new OfLayer(
        ((LossSlope) request.statistic()).directions(), at.weight().id().name().hashCode());
  }

  private static final class OfLayer implements StatisticObserver {
    private final int directions;
    private final int key;
    private double sum;
    private long seen;
    private long batches;

    OfLayer(int directions, int key) {
      this.directions = directions;
      this.key = key;
    }

    @Override
    public void see(LayerActivations pass) {
      batches++;
    }

    @Override
    public List<Probe> probes() {
      List<Probe> probes = new ArrayList<>();
      for (int i = 0; i < directions; i++) {
        long direction = batches * directions + i;
        Side up = new Side(direction, STEP);
        probes.add(up);
        probes.add(new Side(direction, -STEP).against(up));
      }
      return probes;
    }

    @Override
    public List<float[]> result() {
      return List.of(new float[] {(float) (sum / seen)});
    }

    /** A step to one side; the second of two has both losses. */
    private final class Side implements Probe {
      private final long direction;
      private final float step;
      private double loss;
      private Side other = this;

      Side(long direction, float step) {
        this.direction = direction;
        this.step = step;
      }

      Side against(Side first) {
        other = first;
        return this;
      }

      @Override
      public float[] shift(FloatBuffer weight) {
        CounterRandom random = CounterRandom.of(key, DOMAIN, direction, 0);
        float[] shift = new float[weight.limit()];
        for (int unit = 0; unit < shift.length; unit++) {
          shift[unit] = random.uniformFloat(unit) < .5f ? -step : step;
        }
        return shift;
      }

      @Override
      public void see(float[] logits, float[] changed) {
        throw new IllegalStateException("a loss must have labels");
      }

      @Override
      public void see(float[] logits, float[] changed, int[] labels) {
        loss = crossEntropy(changed, labels);
        if (other != this) {
          double slope = (other.loss - loss) / (2 * STEP);
          sum += slope * slope;
          seen++;
        }
      }
    }

    private static double crossEntropy(float[] logits, int[] labels) {
      int classes = logits.length / labels.length;
      double sum = 0;
      for (int row = 0; row < labels.length; row++) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
          largest = Math.max(largest, logits[row * classes + c]);
        }
        double weights = 0;
        for (int c = 0; c < classes; c++) {
          weights += StrictMath.exp(logits[row * classes + c] - largest);
        }
        sum += largest + StrictMath.log(weights) - logits[row * classes + labels[row]];
      }
      return sum / labels.length;
    }
  }
}
