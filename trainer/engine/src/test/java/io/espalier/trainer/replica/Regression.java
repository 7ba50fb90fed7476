package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import org.assertj.core.data.Offset;

/** Softmax regression with momentum and decay in plain Java and in double: the oracle of a Toy. */
final class Regression {
  private static final int INPUTS = 4;
  private static final int CLASSES = 3;
  private static final Offset<Float> CLOSE = within(2e-5f);

  private final float[] features;
  private final int[] labels;

  private Regression(Examples examples, int[] indices) {
    features = new float[indices.length * INPUTS];
    labels = new int[indices.length];
    examples.fill(indices, 0, indices.length, features, labels);
  }

  static Regression onTraining(PreparedRun run) {
    return new Regression(run.dataset().train(), run.splits().shard(0));
  }

  static Regression onValidation(PreparedRun run) {
    return new Regression(run.dataset().train(), run.splits().validation());
  }

  /**
   * Checks one step: forward through {@code seen ⊙ w}, gradient {@code counted ⊙ G}.
   *
   * @param maskedDecay extra decay on the weights that the forward pass does not see
   */
  void checkStep(Trace.Step step, float[] seen, float[] counted, double maskedDecay) {
    checkStep(step, seen, counted, maskedDecay, true);
  }

  /** The same; without momentum, weights that the forward pass does not see have a moment of 0. */
  void checkStep(
      Trace.Step step, float[] seen, float[] counted, double maskedDecay, boolean hiddenMomentum) {
    Trace.Held before = step.before();
    double[] gradient = new double[CLASSES * INPUTS];
    double[] biasGradient = new double[CLASSES];
    gradients(product(before.weight, seen), Values.inDouble(before.bias), gradient, biasGradient);
    for (int i = 0; i < gradient.length; i++) {
      double total =
          counted[i] * gradient[i]
              + Toy.DECAY * before.weight[i]
              + maskedDecay * (1 - seen[i]) * before.weight[i];
      double moment = Toy.MOMENTUM * before.weightMoment[i] + total;
      String where = "step " + step.step() + ", weight " + i;
      if (seen[i] == 0 && !hiddenMomentum) {
        moment = total;
        assertThat(Values.isZero(before.weightMoment[i])).as(where).isTrue();
        assertThat(Values.isZero(step.after().weightMoment[i])).as(where).isTrue();
      } else {
        assertThat(step.after().weightMoment[i]).as(where).isCloseTo((float) moment, CLOSE);
      }
      assertThat(step.after().weight[i])
          .as(where)
          .isCloseTo((float) (before.weight[i] - Toy.RATE * moment), CLOSE);
    }
    for (int i = 0; i < biasGradient.length; i++) {
      double moment = Toy.MOMENTUM * before.biasMoment[i] + biasGradient[i];
      assertThat(step.after().bias[i])
          .isCloseTo((float) (before.bias[i] - Toy.RATE * moment), CLOSE);
    }
  }

  /** Checks an evaluation of the weights {@code mask ⊙ w}. */
  void checkEvaluation(Trace.Held held, float[] mask, EvaluationPart found) {
    double[] weight = product(held.weight, mask);
    double[] bias = Values.inDouble(held.bias);
    int correct = 0;
    double loss = 0;
    for (int row = 0; row < labels.length; row++) {
      double[] probability = probabilities(weight, bias, row);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = probability[c] > probability[best] ? c : best;
      }
      correct += best == labels[row] ? 1 : 0;
      loss -= Math.log(probability[labels[row]]);
    }
    assertThat(found.examples()).isEqualTo(labels.length);
    assertThat(found.correct()).isEqualTo(correct);
    assertThat(found.lossSum()).isCloseTo(loss, within(1e-4));
  }

  /** Mean cross-entropy against smoothed labels. */
  double loss(double[] weight, double[] bias, double smoothing) {
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      double[] probability = probabilities(weight, bias, row);
      for (int c = 0; c < CLASSES; c++) {
        double target = smoothing / CLASSES + (c == labels[row] ? 1 - smoothing : 0);
        sum -= target * Math.log(probability[c]);
      }
    }
    return sum / labels.length;
  }

  /** Slope of {@link #loss} along each weight, then along each bias, by central differences. */
  double[] slope(double[] weight, double[] bias, double smoothing) {
    double[] slope = new double[weight.length + bias.length];
    for (int i = 0; i < slope.length; i++) {
      double[] values = i < weight.length ? weight : bias;
      int at = i < weight.length ? i : i - weight.length;
      double value = values[at];
      values[at] = value + 1e-5;
      slope[i] = loss(weight, bias, smoothing);
      values[at] = value - 1e-5;
      slope[i] = (slope[i] - loss(weight, bias, smoothing)) / 2e-5;
      values[at] = value;
    }
    return slope;
  }

  private void gradients(double[] weight, double[] bias, double[] gradient, double[] biasGradient) {
    for (int row = 0; row < labels.length; row++) {
      double[] error = probabilities(weight, bias, row);
      error[labels[row]] -= 1;
      for (int c = 0; c < CLASSES; c++) {
        biasGradient[c] += error[c] / labels.length;
        for (int i = 0; i < INPUTS; i++) {
          gradient[c * INPUTS + i] += error[c] * features[row * INPUTS + i] / labels.length;
        }
      }
    }
  }

  private double[] probabilities(double[] weight, double[] bias, int row) {
    double[] values = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      double logit = bias[c];
      for (int i = 0; i < INPUTS; i++) {
        logit += weight[c * INPUTS + i] * features[row * INPUTS + i];
      }
      values[c] = Math.exp(logit);
      sum += values[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      values[c] /= sum;
    }
    return values;
  }

  static double[] product(float[] weight, float[] mask) {
    double[] product = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      product[i] = weight[i] * mask[i];
    }
    return product;
  }
}
