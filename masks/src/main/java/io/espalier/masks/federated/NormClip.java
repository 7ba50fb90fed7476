package io.espalier.masks.federated;

import java.util.List;

/**
 * Bounds how far one update can move the network: {@code u · min(1, C / ‖u‖₂)}. The norm is over
 * all pieces of an update together and in double.
 *
 * @param limit the largest norm C, finite and above 0; after rounding to floats a clipped update
 *     may exceed it by 1e-7 of it
 */
public record NormClip(double limit) {
  public NormClip {
    if (!(limit > 0 && limit <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a norm's limit must be finite and above 0: limit=" + limit);
    }
  }

  /** The norm over all parameters of an update; NaN or infinite if a change is. */
  public static double norm(List<float[]> update) {
    double sum = 0;
    for (float[] piece : update) {
      for (float value : piece) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Clips an update in place, keeping all bits if it is within the limit, and returns its norm
   * before.
   *
   * @throws IllegalArgumentException if a value is not finite
   */
  public double clip(List<float[]> update) {
    double norm = norm(update);
    if (!(norm <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("an update must be finite to be clipped: norm=" + norm);
    }
    if (norm > limit) {
      for (float[] piece : update) {
        for (int i = 0; i < piece.length; i++) {
          piece[i] = (float) (piece[i] * limit / norm);
        }
      }
    }
    return norm;
  }
}
