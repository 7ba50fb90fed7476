package io.espalier.masks.statistic;

import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * How far layers that a residual goes around turn it: the mean distance of what enters and what
 * leaves so many consecutive units, over all positions. One value for each of the {@code
 * consecutive} windows that a weight's unit is in, the earliest first; {@link #OUTSIDE} where there
 * is no such window, and for weights of no unit.
 *
 * @param consecutive units of a window, 1 or more
 * @param firstOnly whether only the first weight of a unit has the values, and the others have 0
 */
public record ResidualChange(Distance distance, int consecutive, boolean firstOnly)
    implements Statistic {
  public static final String OBSERVER = "residual-change";

  /** No less than any distance. */
  public static final float OUTSIDE = 2;

  /** The distance of two vectors with the cosine {@code c}. */
  public enum Distance {
    /** {@code arccos(c) / π}, from 0 to 1. */
    ANGLE {
      @Override
      double of(double cosine) {
        return StrictMath.acos(cosine) / Math.PI;
      }
    },
    /** {@code 1 − c}, from 0 to 2. */
    COSINE {
      @Override
      double of(double cosine) {
        return 1 - cosine;
      }
    };

    abstract double of(double cosine);

    /**
     * The distance of two vectors; 0 where both are 0, and that of orthogonal ones where one is.
     *
     * @param from place of the first value, in both
     * @param stride places from one value to the next
     */
    public double of(float[] a, float[] b, int from, int stride, int length) {
      double product = 0;
      double ofA = 0;
      double ofB = 0;
      for (int i = from, n = 0; n < length; i += stride, n++) {
        product += (double) a[i] * b[i];
        ofA += (double) a[i] * a[i];
        ofB += (double) b[i] * b[i];
      }
      if (ofA == 0 && ofB == 0) {
        return 0;
      }
      double scale = Math.sqrt(ofA) * Math.sqrt(ofB);
      return of(scale == 0 ? 0 : Math.max(-1, Math.min(1, product / scale)));
    }
  }

  public ResidualChange {
    if (consecutive < 1) {
      throw new IllegalArgumentException("consecutive must be 1 or more: " + consecutive);
    }
  }

  @Override
  public String observer() {
    return OBSERVER;
  }

  @Override
  public List<int[]> shapes(ParameterShape weight, int groups) {
    return List.of(new int[] {consecutive});
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
