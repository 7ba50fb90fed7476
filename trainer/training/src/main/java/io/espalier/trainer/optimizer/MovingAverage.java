package io.espalier.trainer.optimizer;

import io.espalier.configs.AverageConfig;
import java.nio.FloatBuffer;

/**
 * An exponential moving average of weights: after step {@code t}, counted from 0, {@code a = d a +
 * (1 - d) w} with {@code d = min(decay, t / (t + 10))}, so that the first step forgets the start
 * and short runs average their last steps. Not thread-safe.
 */
public final class MovingAverage {
  private static final double RAMP = 10;
  private static final int PIECE = 1024;

  private final double decay;
  private final float[] weights = new float[PIECE];
  private final float[] averages = new float[PIECE];

  public MovingAverage(AverageConfig config) {
    decay = config.decay();
  }

  /**
   * Takes in the weights after a step.
   *
   * @param average of the same units, changed in place
   * @param completed steps before this one
   */
  public void add(FloatBuffer weight, FloatBuffer average, long completed) {
    float left = (float) Math.min(decay, completed / (completed + RAMP));
    for (int start = 0; start < weight.limit(); start += PIECE) {
      int count = Math.min(PIECE, weight.limit() - start);
      weight.get(start, weights, 0, count);
      average.get(start, averages, 0, count);
      for (int i = 0; i < count; i++) {
        averages[i] = left * averages[i] + (1 - left) * weights[i];
      }
      average.put(start, averages, 0, count);
    }
  }
}
