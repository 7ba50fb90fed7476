package io.espalier.trainer.sparse;

import io.espalier.configs.OptimizerConfig;
import java.util.List;
import java.util.Optional;

/**
 * Optimizer steps on kept values, with the formulas and the order of operations of the engine's
 * side, so that equal gradients give equal bits. Allocates nothing.
 */
public final class SparseOptimizer {
  private final OptimizerConfig config;
  private final Optional<Double> clipNorm;

  public SparseOptimizer(OptimizerConfig config, Optional<Double> clipNorm) {
    this.config = config;
    this.clipNorm = clipNorm;
  }

  /** Moments that each trained value needs. */
  public static int moments(OptimizerConfig config) {
    return config instanceof OptimizerConfig.Sgd sgd ? (sgd.momentum() > 0 ? 1 : 0) : 2;
  }

  /** Takes the step after {@code completed} ones; gradients are consumed. */
  void step(List<SparseParameter> parameters, long completed, double rate) {
    float scale = (float) scale(parameters);
    for (int i = 0; i < parameters.size(); i++) {
      SparseParameter parameter = parameters.get(i);
      if (!parameter.isTrained()) {
        continue;
      }
      if (scale != 1) {
        scale(parameter.gradient(), scale);
      }
      decay(parameter, rate);
      if (config instanceof OptimizerConfig.Sgd sgd) {
        sgd(parameter, sgd, rate);
      } else if (config instanceof OptimizerConfig.Adam adam) {
        adam(parameter, adam.beta1(), adam.beta2(), adam.epsilon(), completed, rate);
      } else if (config instanceof OptimizerConfig.AdamW adam) {
        adam(parameter, adam.beta1(), adam.beta2(), adam.epsilon(), completed, rate);
      }
    }
  }

  private double scale(List<SparseParameter> parameters) {
    if (clipNorm.isEmpty()) {
      return 1;
    }
    double squares = 0;
    for (int i = 0; i < parameters.size(); i++) {
      SparseParameter parameter = parameters.get(i);
      squares += parameter.isTrained() ? squaredNorm(parameter.gradient()) : 0;
    }
    double norm = Math.sqrt(squares);
    return norm > clipNorm.get() ? clipNorm.get() / norm : 1;
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

  private void decay(SparseParameter parameter, double rate) {
    double decay = config.weightDecay();
    if (decay > 0 && parameter.decays()) {
      boolean decoupled = config instanceof OptimizerConfig.AdamW;
      float[] target = decoupled ? parameter.values() : parameter.gradient();
      double factor = decoupled ? -rate : 1;
      add(target, parameter.values(), (float) (factor * decay));
    }
  }

  private static void sgd(SparseParameter parameter, OptimizerConfig.Sgd config, double rate) {
    float[] direction = parameter.gradient();
    if (config.momentum() > 0) {
      float[] velocity = parameter.moment(0);
      scale(velocity, (float) config.momentum());
      add(velocity, parameter.gradient(), 1);
      if (config.nesterov()) {
        add(parameter.gradient(), velocity, (float) config.momentum());
      } else {
        direction = velocity;
      }
    }
    add(parameter.values(), direction, (float) -rate);
  }

  private static void adam(
      SparseParameter parameter,
      double beta1,
      double beta2,
      double epsilon,
      long completed,
      double rate) {
    float[] mean = parameter.moment(0);
    float[] square = parameter.moment(1);
    float[] gradient = parameter.gradient();
    scale(mean, (float) beta1);
    add(mean, gradient, (float) (1 - beta1));
    scale(square, (float) beta2);
    float share = (float) (1 - beta2);
    for (int i = 0; i < gradient.length; i++) {
      square[i] += gradient[i] * gradient[i] * share;
    }
    double meanCorrection = 1 - StrictMath.pow(beta1, (double) (completed + 1));
    float correction = (float) (1 - StrictMath.pow(beta2, (double) (completed + 1)));
    float smallest = (float) epsilon;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = mean[i] / ((float) Math.sqrt(square[i] / correction) + smallest);
    }
    add(parameter.values(), gradient, (float) (-rate / meanCorrection));
  }

  private static void add(float[] target, float[] source, float factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += source[i] * factor;
    }
  }

  private static void scale(float[] target, float factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] *= factor;
    }
  }
}
