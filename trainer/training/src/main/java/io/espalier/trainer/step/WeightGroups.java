package io.espalier.trainer.step;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The slices of one weight along an axis, each a group.
 *
 * <pre>
 *  [outer, count, inner]  row-major:  unit = (o · count + group) · inner + i
 *  axis 0: outer = 1      axis 1: outer = outputs
 * </pre>
 *
 * @param factor of a group's norm in the penalty: √|g|, or 1
 */
record WeightGroups(TrainedParameter parameter, int outer, int count, int inner, double factor) {
  static WeightGroups of(TrainedParameter parameter, int axis, boolean scaleBySize) {
    List<Integer> dimensions = parameter.shape().dimensions();
    int outer = axis == 0 ? 1 : dimensions.get(0);
    int count = dimensions.get(axis);
    int inner = parameter.shape().size() / (outer * count);
    return new WeightGroups(
        parameter, outer, count, inner, scaleBySize ? Math.sqrt((double) outer * inner) : 1);
  }

  /** Shrinks the norm of each group by {@code threshold · factor}, at most to 0. */
  void shrink(double threshold) {
    double[] norms = norms();
    for (int group = 0; group < count; group++) {
      double norm = norms[group];
      scale(group, norm > threshold * factor ? 1 - threshold * factor / norm : 0);
    }
  }

  /** Adds {@code strength · factor · w / ‖w‖} to the gradient; nothing where the norm is 0. */
  void addSlope(double strength) {
    double[] norms = norms();
    for (int group = 0; group < count; group++) {
      double slope = norms[group] == 0 ? 0 : strength * factor / norms[group];
      forEachUnit(group, unit -> parameter.addSlope(unit, slope * parameter.weight().get(unit)));
    }
  }

  void scale(int group, double by) {
    FloatBuffer weight = parameter.weight();
    forEachUnit(group, unit -> weight.put(unit, by == 0 ? 0f : (float) (weight.get(unit) * by)));
  }

  void forEachUnit(int group, IntConsumer visit) {
    for (int o = 0; o < outer; o++) {
      int from = (o * count + group) * inner;
      for (int unit = from; unit < from + inner; unit++) {
        visit.accept(unit);
      }
    }
  }

  double[] norms() {
    FloatBuffer weight = parameter.weight();
    double[] sums = new double[count];
    for (int o = 0; o < outer; o++) {
      for (int group = 0; group < count; group++) {
        int from = (o * count + group) * inner;
        double sum = 0;
        for (int unit = from; unit < from + inner; unit++) {
          double value = weight.get(unit);
          sum += value * value;
        }
        sums[group] += sum;
      }
    }
    for (int group = 0; group < count; group++) {
      sums[group] = Math.sqrt(sums[group]);
    }
    return sums;
  }
}
