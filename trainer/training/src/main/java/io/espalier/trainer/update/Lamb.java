package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * LAMB (You et al., "Large batch optimization for deep learning: training BERT in 76 minutes",
 * 2020, Algorithm 2, with φ the identity): per tensor {@code u = m̂ / (√v̂ + ε) + λw} with Adam's
 * bias-corrected moments, {@code w = w − η · ‖w‖ / ‖u‖ · u}; the ratio is 1 where a norm is 0.
 *
 * <p>Weight decay {@code λ} is part of {@code u}, so it counts in the ratio. Norms are those of the
 * whole tensor, in which pruned weights are 0. {@code beta1} and {@code beta2} are from 0 to below
 * 1, {@code epsilon} from 1e-16 to below 1.
 */
final class Lamb implements OptimizerProvider {
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";
  private static final String EPSILON = "epsilon";

  @Override
  public String name() {
    return "lamb";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(BETA1, 0.9).number(BETA2, 0.999).number(EPSILON, 1e-6);
  }

  @Override
  public void check(MemberSettings settings) {
    new OptimizerRules(settings).belowOne(BETA1).belowOne(BETA2).divisor(EPSILON).verify();
  }

  @Override
  public boolean isElementwise(MemberSettings settings) {
    return false;
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    return new Rule(settings.number(BETA1), settings.number(BETA2), settings.number(EPSILON), 0);
  }

  /**
   * @param decay of the step's values; 0 for values that do not decay, or whose decay {@link
   *     #decay} takes off
   */
  private record Rule(double beta1, double beta2, double epsilon, double decay)
      implements UpdateRule {
    @Override
    public int moments() {
      return 2;
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Rule(0, beta2, epsilon, decay);
    }

    @Override
    public boolean isElementwise() {
      return false;
    }

    @Override
    public boolean isDecoupled() {
      return true;
    }

    @Override
    public UpdateRule withDecay(double factor) {
      return new Rule(beta1, beta2, epsilon, factor);
    }

    @Override
    public void decay(Updated of, double factor, double rate) {
      if (decay == 0) {
        UpdateRule.super.decay(of, factor, rate);
      }
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      turn(of, completed + 1);
      double weight = norm(of.values(), of.count());
      double update = norm(of.gradient(), of.count());
      double ratio = weight > 0 && update > 0 ? weight / update : 1;
      UpdateRule.add(of.values(), of.gradient(), (float) (-rate * ratio), of.count());
    }

    /** Replaces the gradient by {@code u}. */
    private void turn(Updated of, long step) {
      float[] values = of.values();
      float[] gradient = of.gradient();
      float[] mean = of.moment(0);
      float[] square = of.moment(1);
      float keptMean = (float) beta1;
      float newMean = (float) (1 - beta1);
      float keptSquare = (float) beta2;
      float newSquare = (float) (1 - beta2);
      float meanCorrection = (float) (1 - StrictMath.pow(beta1, (double) step));
      float squareCorrection = (float) (1 - StrictMath.pow(beta2, (double) step));
      float smallest = (float) epsilon;
      float share = (float) decay;
      int count = of.count();
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = mean[i] * keptMean + g * newMean;
        float s = square[i] * keptSquare + g * g * newSquare;
        mean[i] = m;
        square[i] = s;
        float root = (float) Math.sqrt(s / squareCorrection);
        gradient[i] = m / meanCorrection / (root + smallest) + values[i] * share;
      }
    }

    private static double norm(float[] values, int count) {
      double squares = 0;
      for (int i = 0; i < count; i++) {
        squares += (double) values[i] * values[i];
      }
      return Math.sqrt(squares);
    }
  }
}
