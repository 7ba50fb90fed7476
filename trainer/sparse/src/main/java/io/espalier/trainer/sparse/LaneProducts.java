package io.espalier.trainer.sparse;

import java.util.Arrays;

/**
 * Sums of products of two rows of lanes, for several targets: {@code to[t] += Σ x[s] · y[s, t]} of
 * each lane, by fused multiply-add in the order of terms {@code s}. Mutable, so that a step
 * allocates none.
 *
 * <pre>
 *  x[s]     from  xAt + s · xStep
 *  y[s, t]  from  yAt + s · yStep + t · yTarget
 *  to[t]    from  toAt + t · toStep
 * </pre>
 */
final class LaneProducts {
  float[] x = {};
  int xAt;
  int xStep;
  float[] y = {};
  int yAt;
  int yStep;
  int yTarget;
  float[] to = {};
  int toAt;
  int toStep;
  int terms;
  int targets;
  int lanes;

  LaneProducts of(int terms, int targets, int lanes) {
    this.terms = terms;
    this.targets = targets;
    this.lanes = lanes;
    return this;
  }

  LaneProducts x(float[] values, int at, int step) {
    x = values;
    xAt = at;
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

  LaneProducts to(float[] values, int at, int step) {
    to = values;
    toAt = at;
    toStep = step;
    return this;
  }

  /** Lets sums start with 0 instead of what the targets hold. */
  LaneProducts clear() {
    for (int t = 0; t < targets; t++) {
      int at = toAt + t * toStep;
      Arrays.fill(to, at, at + lanes, 0);
    }
    return this;
  }
}
