package io.espalier.masks.score;

import io.espalier.masks.ParameterShape;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.statistic.InputStatistic;
import java.util.ArrayList;
import java.util.List;

/** The factors of a layer's curvature, damped, for each group of inputs, and their inverses. */
final class KroneckerCurvature {
  private final int features;
  private final int outputs;
  private final SymmetricMatrix ofOutputs;
  private final SymmetricMatrix outputsInverse;
  private final List<SymmetricMatrix> ofInputs = new ArrayList<>();
  private final List<SymmetricMatrix> inputInverses = new ArrayList<>();

  /**
   * Factors the products.
   *
   * @param inputs {@code [groups, features, features]}
   * @param gradients {@code [outputs, outputs]}
   * @param damping what is added to both diagonals, in their means
   */
  KroneckerCurvature(ParameterShape shape, float[] inputs, float[] gradients, double damping) {
    features = InputStatistic.features(shape);
    outputs = shape.dimensions().get(0);
    ofOutputs = damped(SymmetricMatrix.of(outputs, (a, b) -> gradients[a * outputs + b]), damping);
    outputsInverse = inverse(ofOutputs);
    for (int from = 0; from < inputs.length; from += features * features) {
      int first = from;
      SymmetricMatrix each =
          damped(SymmetricMatrix.of(features, (a, b) -> inputs[first + a * features + b]), damping);
      ofInputs.add(each);
      inputInverses.add(inverse(each));
    }
  }

  /** All of a layer that nothing reaches is as cheap; a unit diagonal makes it finite. */
  private static SymmetricMatrix damped(SymmetricMatrix matrix, double damping) {
    return matrix.plus(matrix.scale() > 0 ? damping * matrix.scale() : 1);
  }

  private static SymmetricMatrix inverse(SymmetricMatrix matrix) {
    return Cholesky.of(matrix, Double.MIN_VALUE).orElseThrow().inverse();
  }

  private int group(int output) {
    return output / (outputs / ofInputs.size());
  }

  double weight(float[] weights, int unit) {
    int output = unit / features;
    int feature = unit % features;
    return (double) weights[unit]
        * weights[unit]
        / (2
            * outputsInverse.at(output, output)
            * inputInverses.get(group(output)).at(feature, feature));
  }

  double row(float[] weights, int output) {
    SymmetricMatrix inputs = ofInputs.get(group(output));
    double cost = 0;
    for (int a = 0; a < features; a++) {
      for (int b = 0; b < features; b++) {
        cost += weights[output * features + a] * inputs.at(a, b) * weights[output * features + b];
      }
    }
    return cost / (2 * outputsInverse.at(output, output));
  }

  /** The cost of a feature in all groups. */
  double column(float[] weights, int feature) {
    double cost = 0;
    for (int a = 0; a < outputs; a++) {
      for (int b = 0; b < outputs; b++) {
        if (group(a) == group(b)) {
          cost +=
              weights[a * features + feature]
                  * ofOutputs.at(a, b)
                  * weights[b * features + feature]
                  / (2 * inputInverses.get(group(a)).at(feature, feature));
        }
      }
    }
    return cost;
  }
}
