package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.ObjectiveContext;
import io.espalier.trainer.objective.ObjectiveProvider;

/** The focal loss (Lin et al., 2017): examples that are learned already count less. */
public final class OwnObjective implements ObjectiveProvider {
  @Override
  public String name() {
    return "focal";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("gamma", 2);
  }

  @Override
  public void check(MemberSettings settings) {
    double gamma = settings.number("gamma");
    new Rules().require("gamma", gamma, gamma >= 1, "1 or more").verify();
  }

  @Override
  public Objective create(MemberSettings settings, ObjectiveContext context) {
    double gamma = settings.number("gamma");
    return (logits, labels, classes, taps, gradient) -> {
      double loss = 0;
      for (int row = 0; row < labels.length; row++) {
        double[] p = probabilities(logits, row, classes);
        double right = Math.max(p[labels[row]], 1e-12);
        double left = 1 - right;
        double log = Math.log(right);
        loss -= Math.pow(left, gamma) * log;
        double slope = gamma * Math.pow(left, gamma - 1) * right * log - Math.pow(left, gamma);
        for (int c = 0; c < classes; c++) {
          double towards = (c == labels[row] ? 1 : 0) - p[c];
          gradient[row * classes + c] = (float) (slope * towards / labels.length);
        }
      }
      return loss / labels.length;
    };
  }

  private static double[] probabilities(float[] logits, int row, int classes) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits[row * classes + c]);
    }
    double[] p = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      p[c] = Math.exp(logits[row * classes + c] - largest);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return p;
  }
}
