package io.espalier.trainer.optimizer;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Optimizer steps unit by unit and in double, as the papers write them: the oracle. */
final class SecondImplementation {
  private final OptimizerConfig config;
  private final HiddenWeights hidden;
  private final Optional<Double> clipNorm;

  /** One unit: its weight, two moments, its masks; {@code hidden} units are not seen forward. */
  static final class Unit {
    int tensor;
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
    if (config instanceof OptimizerConfig.Custom own && own.settings().is("lamb")) {
      lamb(units, own.settings(), clip, t, rate);
      return;
    }
    for (Unit unit : units) {
      double gradient = clip * counted(unit);
      double momentum = momentum(unit);
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
      } else if (config instanceof OptimizerConfig.Custom own) {
        plugin(unit, own.settings(), gradient, decay, rate);
      }
      unit.first *= hasMomentum() ? momentum : 1;
    }
  }

  /** Whether the first of a unit's moments is a momentum. */
  boolean hasMomentum() {
    return !(config instanceof OptimizerConfig.Custom own)
        || switch (own.settings().name()) {
          case "adagrad" -> false;
          case "rmsprop" -> own.settings().number("momentum") > 0;
          default -> true;
        };
  }

  private double momentum(Unit unit) {
    return unit.hidden && !hidden.momentum() ? 0 : 1;
  }

  private void plugin(
      Unit unit, MemberSettings settings, double gradient, double decay, double rate) {
    double g = gradient + decay * unit.w;
    switch (settings.name()) {
      case "rmsprop" -> {
        double alpha = settings.number("alpha");
        double square = hasMomentum() ? unit.second : unit.first;
        square = alpha * square + (1 - alpha) * g * g;
        double divided = g / (Math.sqrt(square) + settings.number("epsilon"));
        if (hasMomentum()) {
          unit.second = square;
          unit.first = momentum(unit) * settings.number("momentum") * unit.first + divided;
          unit.w -= rate * unit.first;
        } else {
          unit.first = square;
          unit.w -= rate * divided;
        }
      }
      case "adagrad" -> {
        unit.first += g * g;
        unit.w -= rate * g / (Math.sqrt(unit.first) + settings.number("epsilon"));
      }
      case "lion" -> {
        double beta1 = momentum(unit) * settings.number("beta1");
        double direction = Math.signum(beta1 * unit.first + (1 - beta1) * gradient);
        unit.w -= rate * (direction + decay * unit.w);
        unit.first += (1 - settings.number("beta2")) * (gradient - unit.first);
      }
      default -> throw new IllegalArgumentException(settings.name());
    }
  }

  private void lamb(List<Unit> units, MemberSettings settings, double clip, int t, double rate) {
    Map<Integer, List<Unit>> tensors =
        units.stream().collect(Collectors.groupingBy(unit -> unit.tensor));
    for (List<Unit> tensor : tensors.values()) {
      double[] momentum = new double[tensor.size()];
      double[] without = new double[tensor.size()];
      for (int i = 0; i < momentum.length; i++) {
        Unit unit = tensor.get(i);
        unit.w -= unit.hidden ? rate * hidden.decay() * unit.w : 0;
        double g = clip * counted(unit);
        unit.first += (1 - settings.number("beta1")) * (g - unit.first);
        unit.second += (1 - settings.number("beta2")) * (g * g - unit.second);
        double root = Math.sqrt(unit.second / (1 - Math.pow(settings.number("beta2"), t)));
        double divisor = root + settings.number("epsilon");
        double decayed = unit.decays ? config.weightDecay() * unit.w : 0;
        double mean = unit.first / (1 - Math.pow(settings.number("beta1"), t));
        momentum[i] = mean / divisor + decayed;
        without[i] = g / divisor + decayed;
      }
      double weight = norm(tensor.stream().mapToDouble(unit -> unit.w));
      for (int i = 0; i < momentum.length; i++) {
        Unit unit = tensor.get(i);
        double[] update = momentum(unit) == 0 ? without : momentum;
        unit.w -= rate * weight / norm(DoubleStream.of(update)) * update[i];
        unit.first *= momentum(unit);
      }
    }
  }

  private static double norm(DoubleStream values) {
    return Math.sqrt(values.map(value -> value * value).sum());
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
