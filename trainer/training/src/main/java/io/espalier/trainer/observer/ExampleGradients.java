package io.espalier.trainer.observer;

import java.util.Arrays;

/**
 * Gradients by a layer's weight, example by example: outer products of what lies on its outputs and
 * what its weight multiplies, added over the places of a convolution. A norm that computes over the
 * batch ties examples together; their gradients through it count for the example that they reach.
 */
final class ExampleGradients {
  private ExampleGradients() {}

  interface Visitor {
    /**
     * Sees an example's gradient by the weights of one group of the layer, in memory that is used
     * again.
     *
     * @param from index of the first of these weights
     */
    void see(int from, double[] gradient);
  }

  /** The gradients of the examples' own losses by outputs, from those of their mean. */
  static float[] ofOwnLosses(float[] ofMean, int examples) {
    float[] slopes = new float[ofMean.length];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = ofMean[i] * examples;
    }
    return slopes;
  }

  /** The gradients of the length of each example's outputs by these; 0 where all are 0. */
  static float[] directions(float[] outputs, int examples) {
    int each = outputs.length / examples;
    float[] slopes = new float[outputs.length];
    for (int from = 0; from < outputs.length; from += each) {
      double squares = 0;
      for (int i = from; i < from + each; i++) {
        squares += (double) outputs[i] * outputs[i];
      }
      double length = Math.sqrt(squares);
      for (int i = from; length > 0 && i < from + each; i++) {
        slopes[i] = (float) (outputs[i] / length);
      }
    }
    return slopes;
  }

  /**
   * Visits the gradient of each group and example.
   *
   * @param slopes gradients by outputs, {@code [examples, outputs, places]}
   */
  static void visit(LayerActivations pass, float[] slopes, Visitor visitor) {
    int groups = pass.layer().groups();
    for (int group = 0; group < groups; group++) {
      Rows rows = new Rows(pass, slopes, group, visitor);
      pass.forEachRow(group, rows::add);
    }
  }

  /** The rows of one group, in the order of examples and places. */
  private static final class Rows {
    private final float[] slopes;
    private final Visitor visitor;
    private final int outputs;
    private final int first;
    private final int perGroup;
    private final int places;
    private final double[] gradient;
    private int row;

    Rows(LayerActivations pass, float[] slopes, int group, Visitor visitor) {
      int size = pass.layer().weight().size();
      this.slopes = slopes;
      this.visitor = visitor;
      this.outputs = pass.layer().weight().dimensions().get(0);
      this.perGroup = outputs / pass.layer().groups();
      this.first = group * perGroup;
      this.places = slopes.length / (pass.examples() * outputs);
      this.gradient = new double[size / pass.layer().groups()];
    }

    void add(float[] values) {
      int example = row / places;
      int place = row % places;
      for (int output = 0; output < perGroup; output++) {
        double slope = slopes[(example * outputs + first + output) * places + place];
        int at = output * values.length;
        for (int i = 0; slope != 0 && i < values.length; i++) {
          gradient[at + i] += slope * values[i];
        }
      }
      row++;
      if (place == places - 1) {
        visitor.see(first * values.length, gradient);
        Arrays.fill(gradient, 0);
      }
    }
  }
}
