package io.espalier.trainer.replica;

import io.espalier.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of the mean cross-entropy of a perceptron with ReLU in plain Java and in double: for
 * each layer those of its weight, through the factors that a pass sees it by, and of its bias.
 */
record PerceptronStep(List<double[]> gradients) {

  /**
   * The gradients of one batch.
   *
   * @param widths inputs, hidden layers, classes
   * @param values weight {@code [outputs, inputs]} and bias of each layer
   * @param factors of each weight
   */
  static PerceptronStep of(int[] widths, Batch batch, List<float[]> values, List<float[]> factors) {
    int layers = widths.length - 1;
    List<double[]> gradients = new ArrayList<>();
    values.forEach(each -> gradients.add(new double[each.length]));
    for (int row = 0; row < batch.size(); row++) {
      List<double[]> seen = new ArrayList<>();
      double[] input = new double[widths[0]];
      for (int i = 0; i < input.length; i++) {
        input[i] = batch.inputs()[row * input.length + i];
      }
      for (int layer = 0; layer < layers; layer++) {
        seen.add(input);
        input = forward(input, values, factors, layer, layer < layers - 1);
      }
      double[] error = error(input, batch.label(row), batch.size());
      for (int layer = layers - 1; layer >= 0; layer--) {
        error = backward(error, seen.get(layer), values, factors, layer, gradients);
      }
    }
    return new PerceptronStep(gradients);
  }

  private static double[] forward(
      double[] input, List<float[]> values, List<float[]> factors, int layer, boolean hidden) {
    float[] bias = values.get(2 * layer + 1);
    double[] output = new double[bias.length];
    for (int out = 0; out < output.length; out++) {
      output[out] = bias[out];
      for (int in = 0; in < input.length; in++) {
        output[out] += weight(values, factors, layer, out * input.length + in) * input[in];
      }
      output[out] = hidden ? Math.max(0, output[out]) : output[out];
    }
    return output;
  }

  private static double weight(List<float[]> values, List<float[]> factors, int layer, int index) {
    return values.get(2 * layer)[index] * factors.get(layer)[index];
  }

  private static double[] error(double[] logits, int label, int rows) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] error = new double[logits.length];
    for (int c = 0; c < error.length; c++) {
      error[c] = (Math.exp(logits[c]) / sum - (c == label ? 1 : 0)) / rows;
    }
    return error;
  }

  /** Adds this row's gradients; returns the error of the layer's inputs, behind their ReLU. */
  private static double[] backward(
      double[] error,
      double[] input,
      List<float[]> values,
      List<float[]> factors,
      int layer,
      List<double[]> gradients) {
    double[] before = new double[input.length];
    for (int out = 0; out < error.length; out++) {
      gradients.get(2 * layer + 1)[out] += error[out];
      for (int in = 0; in < input.length; in++) {
        int index = out * input.length + in;
        gradients.get(2 * layer)[index] += factors.get(layer)[index] * error[out] * input[in];
        before[in] += input[in] > 0 ? weight(values, factors, layer, index) * error[out] : 0;
      }
    }
    return before;
  }
}
