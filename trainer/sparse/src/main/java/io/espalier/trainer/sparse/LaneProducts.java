package io.espalier.trainer.sparse;

import java.util.Arrays;

/**
 * Sums of products of two rows of lanes, for several targets of several rows: {@code to[r, t] += Σ
 * x[r, s] · y[s, t]} of each lane, by fused multiply-add in the order of terms {@code s}. Mutable,
 * so that a step allocates none.
 *
 * <pre>
 *  x[r, s]   from  xAt + r · xRow + s · xStep
 *  y[s, t]   from  yAt + s · yStep + t · yTarget
 *  to[r, t]  from  toAt + r · toRow + t · toStep
 * </pre>
 */
final class LaneProducts {
  float[] x = {};
  int xAt;
  int xStep;
  int xRow;
  float[] y = {};
  int yAt;
  int yStep;
  int yTarget;
  float[] to = {};
  int toAt;
  int toStep;
  int toRow;
  int rows;
  int terms;
  int targets;
  int lanes;

  LaneProducts of(int rows, int terms, int targets, int lanes) {
    this.rows = rows;
    this.terms = terms;
    this.targets = targets;
    this.lanes = lanes;
    return this;
  }

  LaneProducts x(float[] values, int at, int row, int step) {
    x = values;
    xAt = at;
    xRow = row;
    xStep = step;
    return this;
  }

  LaneProducts y(float[] values, int at, int step, int target) {
    y = values;
    yAt = at;
    yStep = step;
    yTarget = target;
    return this;
  }

  LaneProducts to(float[] values, int at, int row, int step) {
    to = values;
    toAt = at;
    toRow = row;
    toStep = step;
    return this;
  }

  /** Lets sums start with 0 instead of what the targets hold. */
  LaneProducts clear() {
    for (int row = 0; row < rows; row++) {
      for (int t = 0; t < targets; t++) {
        int at = toAt + row * toRow + t * toStep;
        Arrays.fill(to, at, at + lanes, 0);
      }
    }
    return this;
  }
}
