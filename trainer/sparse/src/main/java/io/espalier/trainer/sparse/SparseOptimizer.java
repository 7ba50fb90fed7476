package io.espalier.trainer.sparse;

import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.trainer.update.UpdateRule;
import java.util.List;
import java.util.Optional;

/** Optimizer steps on kept values. Allocates nothing with a built-in rule. */
public final class SparseOptimizer {
  private final UpdateRule rule;

  /** The rule for parameters that decay. */
  private final UpdateRule decaying;

  private final double decay;
  private final Optional<Double> clipNorm;
  private final boolean isDivided;

  public SparseOptimizer(OptimizerConfig config, Optional<Double> clipNorm) {
    this.rule = UpdateRule.of(config);
    this.decay = config.weightDecay();
    this.clipNorm = clipNorm;
    isDivided = !PluginGuard.isAround(rule);
    decaying = rule.withDecay(decay);
  }

  /** Moments that each trained value needs. */
  public static int moments(OptimizerConfig config) {
    return UpdateRule.of(config).moments();
  }

  /** Whether parts may run side by side: a user's rule has one thread. */
  boolean isDivided() {
    return isDivided;
  }

  /**
   * Takes the step after {@code completed} ones for the parameters of which most lies in a part's
   * part of all values; gradients are consumed.
   *
   * @param scale of gradients, as {@link #scale} says
   */
  void step(List<SparseParameter> parameters, long completed, double rate, float scale, Part part) {
    int all = 0;
    for (int i = 0; i < parameters.size(); i++) {
      all += parameters.get(i).count();
    }
    int from = part.from(all);
    int to = part.to(all);
    int before = 0;
    for (int i = 0; i < parameters.size(); i++) {
      SparseParameter parameter = parameters.get(i);
      int middle = before + parameter.count() / 2;
      before += parameter.count();
      if (parameter.isTrained() && from <= middle && (middle < to || to == all)) {
        step(parameter, completed, rate, scale);
      }
    }
  }

  private void step(SparseParameter parameter, long completed, double rate, float scale) {
    if (scale != 1) {
      UpdateRule.scale(parameter.gradient(), scale, parameter.count());
    }
    if (decay > 0 && parameter.decays()) {
      decaying.decay(parameter, decay, rate);
    }
    (parameter.decays() ? decaying : rule).apply(parameter, completed, rate);
  }

  /** By what gradients are multiplied, so that their norm is at most the recipe's. */
  float scale(List<SparseParameter> parameters) {
    if (clipNorm.isEmpty()) {
      return 1;
    }
    double squares = 0;
    for (int i = 0; i < parameters.size(); i++) {
      SparseParameter parameter = parameters.get(i);
      squares += parameter.isTrained() ? squaredNorm(parameter.gradient()) : 0;
    }
    double norm = Math.sqrt(squares);
    return norm > clipNorm.get() ? (float) (clipNorm.get() / norm) : 1;
  }

  private static double squaredNorm(float[] gradient) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i < gradient.length - 1; i += 2) {
      even += (double) gradient[i] * gradient[i];
      odd += (double) gradient[i + 1] * gradient[i + 1];
    }
    if (gradient.length % 2 == 1) {
      float last = gradient[gradient.length - 1];
      even += (double) last * last;
    }
    return even + odd;
  }
}
