package io.espalier.trainer.step;

import java.util.ArrayList;
import java.util.List;

/**
 * The way to weights nearby and back: a step's gradient is taken at the weights that {@link #climb}
 * moves to. Of masked parameters only kept weights move.
 */
final class Ascent implements StepRule {
  private final Radius radius;
  private final List<float[]> start = new ArrayList<>();

  /** How far the weights of a step move along their gradient. */
  interface Radius {
    /** Returns the factor of each unit's gradient, of each parameter of the step. */
    List<double[]> factors(List<TrainedParameter> parameters);
  }

  Ascent(Radius radius) {
    this.radius = radius;
  }

  @Override
  public int passes() {
    return 2;
  }

  @Override
  public void afterBackward(Step step) {
    if (step.pass() == 0) {
      climb(step.parameters());
    } else {
      for (int p = 0; p < start.size(); p++) {
        step.parameters().get(p).weight().put(0, start.get(p));
      }
      start.clear();
    }
  }

  private void climb(List<TrainedParameter> parameters) {
    List<double[]> factors = radius.factors(parameters);
    for (int p = 0; p < parameters.size(); p++) {
      TrainedParameter parameter = parameters.get(p);
      start.add(parameter.weights());
      double[] factor = factors.get(p);
      for (int unit = 0; unit < factor.length; unit++) {
        if (parameter.isAlive(unit)) {
          double moved =
              parameter.weight().get(unit) + factor[unit] * parameter.gradient().get(unit);
          parameter.weight().put(unit, (float) moved);
        }
      }
    }
  }
}
