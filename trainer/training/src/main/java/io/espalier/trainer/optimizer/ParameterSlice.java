package io.espalier.trainer.optimizer;

import io.espalier.trainer.update.Updated;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A copied slice of a parameter, sized for the first cache, in arrays that vectorise. Values from
 * {@link #count} on have no meaning. Confined to one thread.
 */
final class ParameterSlice implements Updated {
  static final int SIZE = 512;
  private static final int QUARTER = SIZE / 4;
  private static final float[] ZEROS = new float[SIZE];

  private final float[] weight;
  private final float[] gradient;
  private final float[] factors;
  private final float[] zeros;
  private final List<float[]> moments;
  private int count;

  ParameterSlice(int moments) {
    this(moments, SIZE);
  }

  /** Another size is that of a whole parameter. */
  ParameterSlice(int moments, int size) {
    weight = new float[size];
    gradient = new float[size];
    factors = new float[size];
    zeros = size == SIZE ? ZEROS : new float[size];
    this.moments = IntStream.range(0, moments).mapToObj(i -> new float[size]).toList();
  }

  int size() {
    return weight.length;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public float[] values() {
    return weight;
  }

  @Override
  public float[] gradient() {
    return gradient;
  }

  int moments() {
    return moments.size();
  }

  @Override
  public float[] moment(int index) {
    return moments.get(index);
  }

  /** {@code hidden} is the factor of gradients of units that the forward pass did not see. */
  void loadGradient(ParameterArrays from, int start, double hidden) {
    count = Math.min(size(), from.size() - start);
    from.gradient().get(start, gradient, 0, count);
    if (from.gradientMask().isPresent()) {
      from.gradientMask().get().get(start, factors, 0, count);
      multiply(gradient, factors);
    }
    if (hidden != 1 && from.forwardMask().isPresent()) {
      from.forwardMask().get().get(start, factors, 0, count);
      multiplyHidden((float) hidden);
    }
  }

  private void multiplyHidden(float by) {
    for (int i = 0; i < count; i++) {
      gradient[i] *= factors[i] == 0 ? by : 1;
    }
  }

  void load(ParameterArrays from, int start, double hidden) {
    loadGradient(from, start, hidden);
    from.weight().get(start, weight, 0, count);
    for (int i = 0; i < moments.size(); i++) {
      from.moments().get(i).get(start, moments.get(i), 0, count);
    }
  }

  void copy(ParameterSlice from) {
    count = from.count;
    System.arraycopy(from.weight, 0, weight, 0, count);
    System.arraycopy(from.gradient, 0, gradient, 0, count);
    for (int i = 0; i < moments.size(); i++) {
      System.arraycopy(from.moment(i), 0, moment(i), 0, count);
    }
  }

  /**
   * Takes weights that the forward pass did not see from another slice. Their first moment becomes
   * 0; the others do not depend on it.
   */
  void takeHidden(ParameterSlice from, FloatBuffer mask, int start) {
    mask.get(start, factors, 0, count);
    for (int i = 0; i < count; i++) {
      if (factors[i] == 0) {
        weight[i] = from.weight[i];
        moment(0)[i] = 0;
      }
    }
  }

  void store(ParameterArrays to, int start) {
    to.weight().put(start, weight, 0, count);
    for (int i = 0; i < moments.size(); i++) {
      to.moments().get(i).put(start, moments.get(i), 0, count);
    }
    to.gradient().put(start, zeros, 0, count);
  }

  /** Computes {@code target += factor · (1 − mask) ⊙ weight}. */
  void addHidden(float[] target, FloatBuffer mask, int start, float factor) {
    mask.get(start, factors, 0, count);
    for (int i = 0; i < count; i++) {
      target[i] += (weight[i] - weight[i] * factors[i]) * factor;
    }
  }

  /**
   * Sums squared gradients in a fixed order: fours in float, then double; all double if too large.
   */
  double squaredNorm() {
    Arrays.fill(gradient, count, SIZE, 0f);
    sumFours(gradient, factors);
    double sum = 0;
    double other = 0;
    for (int i = 0; i < QUARTER; i += 2) {
      sum += factors[i];
      other += factors[i + 1];
    }
    return Double.isFinite(sum + other) ? sum + other : inDouble();
  }

  private static void sumFours(float[] values, float[] sums) {
    for (int i = 0; i < QUARTER; i++) {
      sums[i] =
          (values[i] * values[i] + values[i + QUARTER] * values[i + QUARTER])
              + (values[i + 2 * QUARTER] * values[i + 2 * QUARTER]
                  + values[i + 3 * QUARTER] * values[i + 3 * QUARTER]);
    }
  }

  private double inDouble() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) gradient[i] * gradient[i];
    }
    return sum;
  }

  private void multiply(float[] target, float[] by) {
    for (int i = 0; i < count; i++) {
      target[i] *= by[i];
    }
  }
}
