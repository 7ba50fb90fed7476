package io.espalier.trainer.analysis;

import io.espalier.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;

/** How often the neurons of a layer are on, by class. Not thread-safe. */
final class NeuronStates {
  private static final double BIT = StrictMath.log(2);

  private final long[] seen;
  private final List<long[]> on = new ArrayList<>();
  private final int classes;

  NeuronStates(int classes) {
    this.classes = classes;
    seen = new long[classes];
  }

  /**
   * Adds what reaches activations.
   *
   * @param output {@code [batch, neurons, positions]}, row-major
   */
  void add(float[] output, int neurons, Batch batch) {
    if (on.isEmpty()) {
      for (int c = 0; c < classes; c++) {
        on.add(new long[neurons]);
      }
    }
    int positions = output.length / batch.size() / neurons;
    int at = 0;
    for (int row = 0; row < batch.size(); row++) {
      long[] ofClass = on.get(batch.label(row));
      seen[batch.label(row)] += positions;
      for (int neuron = 0; neuron < neurons; neuron++) {
        for (int position = 0; position < positions; position++) {
          ofClass[neuron] += output[at++] > 0 ? 1 : 0;
        }
      }
    }
  }

  /** Returns for each neuron the mean over the classes that were seen, in bits. */
  double[] entropies() {
    double[] sums = new double[on.get(0).length];
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (seen[c] > 0) {
        present++;
        for (int neuron = 0; neuron < sums.length; neuron++) {
          sums[neuron] += entropy((double) on.get(c)[neuron] / seen[c]);
        }
      }
    }
    for (int neuron = 0; neuron < sums.length; neuron++) {
      sums[neuron] /= present;
    }
    return sums;
  }

  /** Bits of a state that is on with a probability. */
  static double entropy(double on) {
    return term(on) + term(1 - on);
  }

  private static double term(double probability) {
    return probability <= 0 ? 0 : -probability * StrictMath.log(probability) / BIT;
  }
}
