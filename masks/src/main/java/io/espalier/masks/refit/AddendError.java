package io.espalier.masks.refit;

import io.espalier.masks.Mask;
import java.util.Optional;

/** The error of an earlier layer of a sum after a refit, as the inputs of a later one see it. */
final class AddendError {
  private final Values before;
  private final Values after;
  private final Mask kept;
  private final double[] factors;
  private final Products products;

  /** Weights {@code [outputs, features]} and bias of the earlier layer. */
  @SuppressWarnings("ArrayRecordComponent")
  record Values(float[] weights, Optional<float[]> bias) {
    Values copy() {
      return new Values(weights.clone(), bias.map(float[]::clone));
    }

    double bias(int output) {
      return bias.map(each -> (double) each[output]).orElse(0.0);
    }
  }

  /**
   * Mean products.
   *
   * @param ofPairs {@code [features, features of the earlier layer]}
   * @param means of the later layer's features
   * @param earlier means of the earlier layer's features
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Products(float[] ofPairs, float[] means, float[] earlier) {}

  /**
   * @param after values after the refit, of which {@code kept} ones count
   * @param factors of the earlier layer's outputs in the sum
   */
  AddendError(Values before, Values after, Mask kept, double[] factors, Products products) {
    this.before = before;
    this.after = after;
    this.kept = kept;
    this.factors = factors;
    this.products = products;
  }

  /**
   * Adds the mean products of the later layer's inputs with what one output has lost.
   *
   * @param own factor of the later layer's output in the sum
   * @param sums of all inputs of the later layer, the constant one included
   */
  void addTo(double[] sums, int output, double own) {
    double rate = factors[output] / own;
    double[] lost = lost(output);
    double bias = before.bias(output) - after.bias(output);
    int features = products.means().length;
    for (int input = 0; input < features; input++) {
      double sum = bias * products.means()[input];
      for (int i = 0; i < lost.length; i++) {
        sum += lost[i] * products.ofPairs()[input * lost.length + i];
      }
      sums[input] += rate * sum;
    }
    if (sums.length > features) {
      double mean = bias;
      for (int i = 0; i < lost.length; i++) {
        mean += lost[i] * products.earlier()[i];
      }
      sums[features] += rate * mean;
    }
  }

  private double[] lost(int output) {
    double[] lost = new double[products.earlier().length];
    for (int i = 0; i < lost.length; i++) {
      int unit = output * lost.length + i;
      double left = kept.isKept(unit) ? after.weights()[unit] : 0;
      lost[i] = before.weights()[unit] - left;
    }
    return lost;
  }
}
