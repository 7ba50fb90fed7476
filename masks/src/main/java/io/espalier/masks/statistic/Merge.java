package io.espalier.masks.statistic;

import java.util.List;

/** How the arrays of several trainers become one: in double, in trainer order. */
public enum Merge {
  MEAN {
    @Override
    public float[] of(List<float[]> parts) {
      return sum(parts, parts.size());
    }
  },
  SUM {
    @Override
    public float[] of(List<float[]> parts) {
      return sum(parts, 1);
    }
  },
  MAX {
    @Override
    public float[] of(List<float[]> parts) {
      float[] merged = parts.get(0).clone();
      for (float[] part : parts) {
        for (int i = 0; i < merged.length; i++) {
          merged[i] = Math.max(merged[i], part[i]);
        }
      }
      return merged;
    }
  },
  /**
   * Two halves, means and variances, each of which a trainer took over as many examples: {@code var
   * = mean(varₖ + meanₖ²) − mean²} (Welford, 1962, for equal counts).
   */
  WELFORD {
    @Override
    public float[] of(List<float[]> parts) {
      int half = parts.get(0).length / 2;
      float[] merged = new float[2 * half];
      for (int i = 0; i < half; i++) {
        double means = 0;
        double squares = 0;
        for (float[] part : parts) {
          double mean = part[i];
          means += mean;
          squares += part[half + i] + mean * mean;
        }
        double mean = means / parts.size();
        merged[i] = (float) mean;
        merged[half + i] = (float) Math.max(0, squares / parts.size() - mean * mean);
      }
      return merged;
    }
  },
  /** One after the other. */
  CONCAT {
    @Override
    public float[] of(List<float[]> parts) {
      float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }
  };

  /** Merges the arrays of at least one trainer, all of one length; they are not changed. */
  public abstract float[] of(List<float[]> parts);

  private static float[] sum(List<float[]> parts, double divisor) {
    float[] merged = new float[parts.get(0).length];
    for (int i = 0; i < merged.length; i++) {
      double sum = 0;
      for (float[] part : parts) {
        sum += part[i];
      }
      merged[i] = (float) (sum / divisor);
    }
    return merged;
  }
}
