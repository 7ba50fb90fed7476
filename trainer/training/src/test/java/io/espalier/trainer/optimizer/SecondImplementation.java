package io.espalier.trainer.optimizer;

import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Optimizer steps unit by unit and in double, as the papers write them: the oracle. */
final class SecondImplementation {
  private final OptimizerConfig config;
  private final HiddenWeights hidden;
  private final Optional<Double> clipNorm;

  /** One unit: its weight, two moments, its masks; {@code hidden} units are not seen forward. */
  static final class Unit {
    double w;
    double first;
    double second;
    boolean pruned;
    boolean hidden;
    boolean decays;
    double gradient;
  }

  SecondImplementation(OptimizerConfig config, HiddenWeights hidden, Optional<Double> clipNorm) {
    this.config = config;
    this.hidden = hidden;
    this.clipNorm = clipNorm;
  }

  static List<Unit> units(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Unit()).toList();
  }

  /** Takes the step with number {@code t}, counted from 1. */
  void step(List<Unit> units, int t, double rate) {
    double norm =
        Math.sqrt(
            units.stream().mapToDouble(this::counted).map(gradient -> gradient * gradient).sum());
    double clip = clipNorm.filter(limit -> norm > limit).map(limit -> limit / norm).orElse(1.0);
    for (Unit unit : units) {
      double gradient = clip * counted(unit);
      double momentum = unit.hidden && !hidden.momentum() ? 0 : 1;
      double decay = (unit.decays ? config.weightDecay() : 0) + (unit.hidden ? hidden.decay() : 0);
      if (config instanceof OptimizerConfig.AdamW adam) {
        double old = unit.w;
        adam(unit, gradient, t, rate, momentum * adam.beta1(), adam.beta2(), adam.epsilon());
        unit.w -= rate * decay * old;
      } else if (config instanceof OptimizerConfig.Adam adam) {
        gradient += decay * unit.w;
        adam(unit, gradient, t, rate, momentum * adam.beta1(), adam.beta2(), adam.epsilon());
      } else if (config instanceof OptimizerConfig.Sgd sgd) {
        gradient += decay * unit.w;
        double before = unit.first;
        unit.first = sgd.momentum() * before + gradient;
        double ahead = sgd.nesterov() ? unit.first : before;
        unit.w -= rate * (gradient + momentum * sgd.momentum() * ahead);
      }
      unit.first *= momentum;
    }
  }

  private double counted(Unit unit) {
    return unit.pruned ? 0 : unit.hidden ? hidden.gradient() * unit.gradient : unit.gradient;
  }

  private static void adam(
      Unit unit, double g, int t, double rate, double beta1, double beta2, double epsilon) {
    unit.first += (1 - beta1) * (g - unit.first);
    unit.second += (1 - beta2) * (g * g - unit.second);
    double mean = unit.first / (1 - Math.pow(beta1, t));
    double variance = unit.second / (1 - Math.pow(beta2, t));
    unit.w -= rate * mean / (Math.sqrt(variance) + epsilon);
  }
}
