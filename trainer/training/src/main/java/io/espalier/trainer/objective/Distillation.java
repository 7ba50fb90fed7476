package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * Learns from labels and from the logits of a stored network: {@code (1 − α) · CE + α · T² ·
 * KL(softmax(z_teacher / T) ‖ softmax(z / T))}, means over the batch in nats (Hinton, Vinyals and
 * Dean, "Distilling the knowledge in a neural network", 2015). The teacher sees the same augmented
 * inputs. Evaluations are plain cross-entropy.
 *
 * @param temperature T, above 0
 * @param weight α, above 0 and up to 1
 */
record Distillation(CrossEntropy labels, Teacher teacher, double temperature, double weight)
    implements Objective {
  /** The member of recipes. */
  static final String NAME = "distillation";

  private static final String TEMPERATURE = "temperature";
  private static final String WEIGHT = "weight";

  @Override
  public double gradient(
      float[] logits, int[] ofRows, int classes, ObjectiveInputs taps, float[] gradient) {
    int rows = ofRows.length;
    float[] taught = teacher.logits(taps.inputs(), rows);
    double hard = labels.gradient(logits, ofRows, classes, taps, gradient);
    double[] teaching = new double[classes];
    double[] learning = new double[classes];
    double divergence = 0;
    for (int row = 0; row < rows; row++) {
      double teacherSum = CrossEntropy.softmax(taught, row, classes, temperature, teaching);
      double sum = CrossEntropy.softmax(logits, row, classes, temperature, learning);
      for (int c = 0; c < classes; c++) {
        int at = row * classes + c;
        double logRatio = (taught[at] - (double) logits[at]) / temperature - teacherSum + sum;
        divergence += teaching[c] == 0 ? 0 : teaching[c] * logRatio;
        double soft = temperature * (learning[c] - teaching[c]) / rows;
        gradient[at] = (float) ((1 - weight) * gradient[at] + weight * soft);
      }
    }
    return (1 - weight) * hard + weight * temperature * temperature * divergence / rows;
  }

  @Override
  public void close() {
    teacher.close();
  }

  static final class Provider implements ObjectiveProvider {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public PluginKeys keys() {
      return TeacherFile.keys().number(TEMPERATURE, 2).number(WEIGHT, 0.7);
    }

    @Override
    public void check(MemberSettings settings) {
      double temperature = settings.number(TEMPERATURE);
      double weight = settings.number(WEIGHT);
      TeacherFile.check(settings)
          .require(
              TEMPERATURE,
              temperature,
              temperature >= 0.01 && temperature <= 1000,
              "from 0.01 to 1000")
          .require(WEIGHT, weight, weight > 0 && weight <= 1, "above 0, at most 1")
          .verify();
    }

    @Override
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      return new Distillation(
          new CrossEntropy(context.labelSmoothing()),
          TeacherFile.open(settings, context),
          settings.number(TEMPERATURE),
          settings.number(WEIGHT));
    }
  }
}
