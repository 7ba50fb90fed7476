package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import java.util.Arrays;

/** The scores of a parameter's candidates in order. Immutable. */
final class SortedScores {
  private final float[] ascending;

  private SortedScores(float[] ascending) {
    this.ascending = ascending;
  }

  static SortedScores of(float[] scores, Mask candidates) {
    float[] some = new float[candidates.kept()];
    int found = 0;
    for (int unit = candidates.nextKept(0); unit >= 0; unit = candidates.nextKept(unit + 1)) {
      some[found++] = scores[unit];
    }
    Arrays.sort(some);
    return new SortedScores(some);
  }

  int size() {
    return ascending.length;
  }

  /** The score of a rank from 1, the best one's. */
  float at(int rank) {
    return ascending[ascending.length - rank];
  }

  /** How many are above a threshold. */
  int above(double threshold) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] > threshold) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ascending.length - low;
  }
}
