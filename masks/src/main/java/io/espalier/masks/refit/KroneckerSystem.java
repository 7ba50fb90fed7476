package io.espalier.masks.refit;

import io.espalier.masks.Mask;
import io.espalier.masks.algebra.SymmetricMatrix;

/**
 * The linear system of the kept weights of one group of a layer whose curvature is a Kronecker
 * product. Matrices are {@code [outputs, inputs]}, row-major. Used once.
 */
final class KroneckerSystem {
  private static final double TOLERANCE = 1e-10;

  private final LayerValues layer;
  private final int[] outputs;
  private final int inputs;
  private final boolean[] kept;
  private final SymmetricMatrix ofInputs;
  private final SymmetricMatrix ofOutputs;

  /**
   * @param gradients {@code [outputs, outputs]} of all groups
   */
  KroneckerSystem(LayerValues layer, int group, Mask mask, float[] gradients, double damping) {
    this.layer = layer;
    this.outputs = layer.outputs(group);
    LayerProducts products = layer.groups().get(group);
    this.inputs = products.inputs();
    int all = (int) Math.round(Math.sqrt(gradients.length));
    this.ofInputs = SymmetricMatrix.of(inputs, products::of).plus(damping * products.scale());
    SymmetricMatrix measured =
        SymmetricMatrix.of(outputs.length, (a, b) -> gradients[outputs[a] * all + outputs[b]]);
    this.ofOutputs = measured.plus(measured.scale() > 0 ? damping * measured.scale() : 1);
    this.kept = new boolean[outputs.length * inputs];
    for (int at = 0; at < kept.length; at++) {
      kept[at] = layer.isKept(mask, outputs[at / inputs], at % inputs);
    }
  }

  /** Adds the solution to the kept weights, by conjugate gradients scaled by the diagonal. */
  void solve(int most) {
    double[] residual = curved(gone());
    mask(residual);
    double[] change = new double[residual.length];
    double[] direction = scaled(residual);
    double product = dot(residual, direction);
    double least = TOLERANCE * TOLERANCE * product;
    for (int i = 0; i < most && product > least; i++) {
      double[] curved = curved(direction);
      mask(curved);
      double step = product / dot(direction, curved);
      for (int at = 0; at < change.length; at++) {
        change[at] += step * direction[at];
        residual[at] -= step * curved[at];
      }
      double[] next = scaled(residual);
      double after = dot(residual, next);
      for (int at = 0; at < change.length; at++) {
        direction[at] = next[at] + after / product * direction[at];
      }
      product = after;
    }
    for (int at = 0; at < change.length; at++) {
      if (kept[at] && change[at] != 0) {
        int output = outputs[at / inputs];
        layer.set(output, at % inputs, layer.value(output, at % inputs) + change[at]);
      }
    }
  }

  private double[] gone() {
    double[] gone = new double[kept.length];
    for (int at = 0; at < gone.length; at++) {
      gone[at] = kept[at] ? 0 : layer.value(outputs[at / inputs], at % inputs);
    }
    return gone;
  }

  private double[] curved(double[] matrix) {
    double[] left = ofOutputs.times(matrix, inputs);
    return transposed(
        ofInputs.times(transposed(left, outputs.length, inputs), outputs.length),
        inputs,
        outputs.length);
  }

  private static double[] transposed(double[] matrix, int rows, int columns) {
    double[] turned = new double[matrix.length];
    for (int at = 0; at < matrix.length; at++) {
      turned[at % columns * rows + at / columns] = matrix[at];
    }
    return turned;
  }

  private void mask(double[] matrix) {
    for (int at = 0; at < matrix.length; at++) {
      matrix[at] = kept[at] ? matrix[at] : 0;
    }
  }

  private double[] scaled(double[] matrix) {
    double[] scaled = new double[matrix.length];
    for (int at = 0; at < matrix.length; at++) {
      int output = at / inputs;
      int input = at % inputs;
      scaled[at] = matrix[at] / (ofOutputs.at(output, output) * ofInputs.at(input, input));
    }
    return scaled;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
