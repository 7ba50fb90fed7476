package io.espalier.trainer.optimizer;

import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.update.UpdateRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes optimizer steps in place: masks gradients, clips their joint norm (Pascanu, Mikolov and
 * Bengio, "On the difficulty of training recurrent neural networks", 2013), then applies weight
 * decay and the update rule. Masked units count neither in the norm nor in a moment; hidden ones
 * count as {@link HiddenWeights} says. Plain Java in a fixed order: engine calls cost more on small
 * parameters. Not thread-safe.
 */
public final class Optimizer {
  private final UpdateRule rule;

  /** The rule for parameters that decay. */
  private final UpdateRule decaying;

  private final double decay;
  private final HiddenWeights hidden;
  private final Optional<Double> clipNorm;
  private final ParameterSlice norms;
  private ParameterSlice piece;

  /** Steps without momentum, and a slice to take them in; empty unless hidden weights need them. */
  private final Optional<UpdateRule> plainRule;

  private final Optional<UpdateRule> plainDecaying;
  private ParameterSlice plain;

  /** Pieces of whole parameters by their size, for a rule that is not element by element. */
  private final Map<Integer, ParameterSlice> wholes = new HashMap<>();

  private final Map<Integer, ParameterSlice> plainWholes = new HashMap<>();

  private Optimizer(OptimizerConfig config, HiddenWeights hidden, Optional<Double> clipNorm) {
    rule = UpdateRule.of(config);
    decay = config.weightDecay();
    decaying = rule.withDecay(decay);
    this.hidden = hidden;
    this.clipNorm = clipNorm;
    norms = new ParameterSlice(rule.moments());
    piece = norms;
    plainRule =
        hidden.momentum() || !rule.hasMomentum()
            ? Optional.empty()
            : Optional.of(rule.withoutMomentum());
    plainDecaying = plainRule.map(without -> without.withDecay(decay));
    plain = new ParameterSlice(rule.moments());
  }

  public static Optimizer of(PreparedRun run) {
    TrainConfig train = run.config().train();
    return of(train.step().optimizer(), HiddenWeights.of(run.maskKind()), train.step().clipNorm());
  }

  public static Optimizer of(
      OptimizerConfig config, HiddenWeights hidden, Optional<Double> clipNorm) {
    return new Optimizer(config, hidden, clipNorm);
  }

  int moments() {
    return piece.moments();
  }

  /** Whether the rule is known to leave pruned weights at 0. */
  public boolean isBuiltIn() {
    return !PluginGuard.isAround(rule);
  }

  /** Takes the step after {@code completed} ones and sets gradients to 0. */
  public void step(List<ParameterArrays> parameters, long completed, double rate) {
    float scale = (float) scale(parameters);
    for (ParameterArrays parameter : parameters) {
      fit(parameter);
      for (int start = 0; start < parameter.size(); start += piece.size()) {
        piece.load(parameter, start, hidden.gradient());
        if (parameter.training().isPresent()) {
          train(parameter.training().get(), completed, rate);
        } else {
          if (scale != 1) {
            UpdateRule.scale(piece.gradient(), scale, piece.count());
          }
          decay(parameter, start, rate);
          apply(parameter, start, completed, rate);
        }
        piece.store(parameter, start);
      }
    }
  }

  /** Takes a parameter in one piece where the rule looks at all of it. */
  private void fit(ParameterArrays parameter) {
    if (!rule.isElementwise()) {
      piece = wholes.computeIfAbsent(parameter.size(), this::whole);
      if (plainRule.isPresent()) {
        plain = plainWholes.computeIfAbsent(parameter.size(), this::whole);
      }
    }
  }

  private ParameterSlice whole(int size) {
    return new ParameterSlice(rule.moments(), size);
  }

  private void apply(ParameterArrays parameter, int start, long completed, double rate) {
    boolean splits = plainRule.isPresent() && parameter.forwardMask().isPresent();
    if (splits) {
      plain.copy(piece);
      (parameter.decays() ? plainDecaying : plainRule).get().apply(plain, completed, rate);
    }
    (parameter.decays() ? decaying : rule).apply(piece, completed, rate);
    if (splits) {
      piece.takeHidden(plain, parameter.forwardMask().get(), start);
    }
  }

  /** The step of an auxiliary parameter. */
  private void train(Training training, long completed, double rate) {
    double own = rate * training.rate();
    if (training.weightDecay() > 0) {
      rule.decay(piece, training.weightDecay(), own);
    }
    rule.apply(piece, completed, own);
  }

  private double scale(List<ParameterArrays> parameters) {
    if (clipNorm.isEmpty()) {
      return 1;
    }
    double squares = 0;
    for (ParameterArrays parameter : parameters) {
      if (parameter.training().isPresent()) {
        continue;
      }
      for (int start = 0; start < parameter.size(); start += ParameterSlice.SIZE) {
        norms.loadGradient(parameter, start, hidden.gradient());
        squares += norms.squaredNorm();
      }
    }
    double norm = Math.sqrt(squares);
    return norm > clipNorm.get() ? clipNorm.get() / norm : 1;
  }

  private void decay(ParameterArrays parameter, int start, double rate) {
    if (decay > 0 && parameter.decays()) {
      decaying.decay(piece, decay, rate);
    }
    if (hidden.decay() > 0 && parameter.forwardMask().isPresent()) {
      piece.addHidden(
          rule.decayed(piece),
          parameter.forwardMask().get(),
          start,
          (float) (rule.decayFactor(rate) * hidden.decay()));
    }
  }
}
