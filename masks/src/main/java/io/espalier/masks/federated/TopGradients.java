package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The k largest gradients by magnitude of all that are offered, the earlier flat index of equal
 * ones: memory for k pairs, whatever the size of the parameter. A binary heap with the worst pair
 * on top, under (magnitude, then earlier unit is better). Not thread-safe.
 */
public final class TopGradients {
  private final int[] units;
  private final float[] gradients;
  private int size;

  public TopGradients(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("a capacity must be 0 or more: capacity=" + capacity);
    }
    units = new int[capacity];
    gradients = new float[capacity];
  }

  /**
   * Offers gradients of units from {@code from} on, pruned ones only, from the buffer's position
   * on, which does not move.
   */
  public void offer(int from, FloatBuffer dense, Mask kept) {
    if (from < 0 || dense.remaining() > kept.size() - from) {
      throw new IllegalArgumentException(
          "gradients must be of units that there are: units=%d, from=%d, gradients=%d"
              .formatted(kept.size(), from, dense.remaining()));
    }
    int start = dense.position() - from;
    for (int unit = from; unit < from + dense.remaining(); unit++) {
      if (!kept.isKept(unit)) {
        offer(unit, dense.get(start + unit));
      }
    }
  }

  /** Offers one unit's gradient; each unit may be offered once. */
  public void offer(int unit, float gradient) {
    if (!Float.isFinite(gradient)) {
      throw new IllegalArgumentException(
          "gradients must be finite: unit=%d, gradient=%s".formatted(unit, gradient));
    }
    if (size < units.length) {
      rise(size++, unit, gradient);
    } else if (size > 0 && isWorse(units[0], gradients[0], unit, gradient)) {
      sink(unit, gradient);
    }
  }

  /** The pairs in order of their units. */
  public GradientProposal proposal() {
    long[] pairs = new long[size];
    for (int i = 0; i < size; i++) {
      pairs[i] =
          (long) units[i] << 32 | Integer.toUnsignedLong(Float.floatToRawIntBits(gradients[i]));
    }
    Arrays.sort(pairs);
    int[] ordered = new int[size];
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      ordered[i] = (int) (pairs[i] >>> 32);
      values[i] = Float.intBitsToFloat((int) pairs[i]);
    }
    return GradientProposal.of(ordered, values);
  }

  private void rise(int hole, int unit, float gradient) {
    int place = hole;
    while (place > 0) {
      int parent = (place - 1) / 2;
      if (!isWorse(unit, gradient, units[parent], gradients[parent])) {
        break;
      }
      put(place, units[parent], gradients[parent]);
      place = parent;
    }
    put(place, unit, gradient);
  }

  private void sink(int unit, float gradient) {
    int place = 0;
    for (int child = 1; child < size; child = 2 * place + 1) {
      int other = child + 1;
      if (other < size && isWorse(units[other], gradients[other], units[child], gradients[child])) {
        child = other;
      }
      if (!isWorse(units[child], gradients[child], unit, gradient)) {
        break;
      }
      put(place, units[child], gradients[child]);
      place = child;
    }
    put(place, unit, gradient);
  }

  private void put(int place, int unit, float gradient) {
    units[place] = unit;
    gradients[place] = gradient;
  }

  private static boolean isWorse(int unit, float gradient, int other, float otherGradient) {
    int order = Float.compare(Math.abs(gradient), Math.abs(otherGradient));
    return order < 0 || (order == 0 && unit > other);
  }
}
